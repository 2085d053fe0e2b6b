"""The reports for other systems: their exact shapes, no grade where points are open, and any text stays text."""

import json
import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

from classroom.gradebooks import ENVIRONMENT, EVIL, Page, any_books, book, row, said, workflow_commands
from pytest_trainer.classroom.reports import classroom50, github, gitlab, gradescope, prairielearn
from pytest_trainer.classroom.reports.texts import (
    FAULT,
    LONGEST_NAME,
    NoGrade,
    TooLong,
    check_name,
    line,
    no_grade,
    title,
)
from pytest_trainer.grading.gradebook import Exercise, Gradebook, Row
from pytest_trainer.grading.outcome import Outcome

WRONG = (Outcome.FAILED, Outcome.TODO, Outcome.ERROR, Outcome.TIMEOUT, Outcome.SKIPPED)
GRADED = book(row(Outcome.PASSED, message=""), *(row(outcome) for outcome in WRONG))
FAULTY = book(row(Outcome.PASSED), row(Outcome.FAULT, message="KeyError: 'x'"))
PARTIAL = book(row(Outcome.PASSED), row(Outcome.NOT_RUN, message=""))
UNREACHED = book(row(Outcome.NOT_RUN), row(Outcome.PASSED, 0))
EMPTY = Gradebook("ada", 0, "tiny", "none", {}, ())
OPEN = {
    "fault": (FAULTY, "a fault of the grader's own broke 1 check"),
    "partial": (PARTIAL, "1 check was not run"),
    "full run only": (UNREACHED, "no check that carries points was run"),
    "empty": (EMPTY, "no check that carries points was run"),
}
NOW = datetime(2026, 10, 2, 9, 30, 1, tzinfo=UTC)
TOKEN = "0123456789abcdef"
fuzz = settings(max_examples=60, deadline=None)


def only(made: Gradebook) -> tuple[Row, Row]:
    """The two rows of a book of `any_books`."""
    first, second = made.exercises[0].checks
    return first, second


def big(rows: int, text: str) -> Gradebook:
    checks = tuple(row(name=f"test_{i}", message=text, diagnosis=text) for i in range(rows))
    return Gradebook("ada", 0, "tiny", "none", {}, (Exercise("01_a", "01 A", checks),))


# -- when there is a grade ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("made", "why"), OPEN.values(), ids=OPEN)
def test_points_are_open_after_a_fault_or_where_not_all_was_run(made: Gradebook, why: str) -> None:
    assert no_grade(made) == why


def test_wrong_answers_and_full_runs_that_were_not_run_leave_a_grade() -> None:
    assert no_grade(GRADED) == ""
    assert no_grade(book(row(Outcome.PASSED), row(Outcome.NOT_RUN, 0))) == ""


def test_several_reasons_are_joined() -> None:
    made = book(row(Outcome.PASSED), *[row(Outcome.FAULT)] * 2, *[row(Outcome.NOT_RUN)] * 3)
    assert no_grade(made) == "a fault of the grader's own broke 2 checks and 3 checks were not run"


# -- Gradescope --------------------------------------------------------------------------------------------------------


def test_gradescope_results_have_the_documented_shape() -> None:
    plain = json.loads(gradescope.results(GRADED))
    tests = plain.pop("tests")
    assert plain == {
        "score": 2,
        "execution_time": 2,
        "output": "2 of 12 points; 1 of 6 checks passed",
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {"seed": 7, "isolation": "process", "versions": {"python": "3.11.7"}},
    }
    assert tests[0] == {
        "number": "3.1",
        "name": "03 Sums: passed one",
        "score": 2,
        "max_score": 2,
        "status": "passed",
        "output": "",
        "tags": ["03_sums"],
        "extra_data": {"outcome": "passed"},
    }
    assert [test["number"] for test in tests] == ["3.1", "3.2", "3.3", "3.4", "3.5", "3.6"]
    assert [(test["status"], test["score"]) for test in tests[1:]] == [("failed", 0)] * 5
    assert [test["output"] for test in tests[1:]] == [
        "It failed.\nHint: Look.",
        "It todo.",
        "It error.",
        "It timeout.",
        "It skipped.",
    ]


@pytest.mark.parametrize("made", [made for made, _ in OPEN.values()], ids=OPEN)
def test_gradescope_and_classroom50_get_no_file_without_a_grade(made: Gradebook) -> None:
    with pytest.raises(NoGrade):
        gradescope.results(made)
    with pytest.raises(NoGrade):
        classroom50.result(made, ENVIRONMENT, NOW)


def test_a_full_run_that_was_not_run_is_no_test() -> None:
    made = book(row(Outcome.PASSED), row(Outcome.NOT_RUN, 0))
    assert len(json.loads(gradescope.results(made))["tests"]) == 1
    assert len(json.loads(prairielearn.results(made))["tests"]) == 1
    assert gitlab.junit(made).count("<testcase") == 1


@fuzz
@given(any_books(*WRONG))
def test_any_text_stays_text_for_gradescope(made: Gradebook) -> None:
    report = gradescope.results(made)
    assert report.isascii()
    tests = json.loads(report)["tests"]
    assert [test["score"] for test in tests] == [2, 0]
    name, (_, wrong) = title(made.exercises[0]), only(made)
    assert tests[1]["name"] == f"{name}: {check_name(wrong)}"
    assert all(c == "\n" or c.isprintable() for test in tests for c in test["output"] + test["name"])
    if wrong.outcome is Outcome.FAILED:
        assert tests[1]["output"] == said(wrong)


def test_a_long_text_is_cut_and_says_so() -> None:
    [test] = json.loads(gradescope.results(book(row(message="x" * 5000, name="test_" + "y" * 500))))["tests"]
    assert test["output"] == "x" * 4000 + "\n(This text was cut; it had 5,000 characters.)\nHint: Look."
    assert test["name"] == "03 Sums: " + "y" * LONGEST_NAME + " ..."


# -- PrairieLearn ------------------------------------------------------------------------------------------------------


def test_prairielearn_results_have_the_documented_shape() -> None:
    plain = json.loads(prairielearn.results(GRADED))
    assert list(plain) == ["gradable", "score", "message", "tests"]
    assert (plain["gradable"], plain["score"]) == (True, 2 / 12)
    assert plain["message"] == "2 of 12 points; 1 of 6 checks passed"
    assert plain["tests"][:2] == [
        {"name": "03 Sums: passed one", "points": 2, "max_points": 2, "message": "passed"},
        {"name": "03 Sums: failed one", "points": 0, "max_points": 2, "message": "failed\nIt failed.\nHint: Look."},
    ]
    assert all({"points", "max_points"} <= set(test) for test in plain["tests"])
    assert json.loads(prairielearn.results(book(row(Outcome.PASSED))))["score"] == 1


@pytest.mark.parametrize(("made", "why"), OPEN.values(), ids=OPEN)
def test_without_a_grade_a_prairielearn_submission_is_not_gradable(made: Gradebook, why: str) -> None:
    error = f"There is no grade: {why}. Please show this to your teacher."
    assert json.loads(prairielearn.results(made)) == {"gradable": False, "format_errors": [error]}


@fuzz
@given(any_books(*WRONG))
def test_any_text_stays_text_for_prairielearn(made: Gradebook) -> None:
    report = prairielearn.results(made)
    assert report.isascii()
    _, test = json.loads(report)["tests"]
    assert "\x1b" not in test["message"] + test["name"]
    wrong = only(made)[1]
    if wrong.outcome is Outcome.FAILED:
        assert test["message"] == "\n".join(filter(None, ("failed", said(wrong))))


def test_prairielearn_results_fit_into_a_megabyte() -> None:
    made = big(90, "\U0001f600" * 9000)
    report = prairielearn.results(made)
    assert len(report.encode()) <= 1_000_000
    plain = json.loads(report)
    assert len(plain["tests"]) == 90
    assert "(This text was cut; it had 9,000 characters.)" in plain["tests"][0]["message"]


def test_a_report_that_cannot_be_cut_enough_is_refused() -> None:
    with pytest.raises(TooLong, match="longer than the 1,000,000 bytes that PrairieLearn takes"):
        prairielearn.results(big(20_000, "x"))


# -- classroom50 -------------------------------------------------------------------------------------------------------


def test_a_classroom50_result_has_the_shape_of_its_schema() -> None:
    plain = json.loads(classroom50.result(GRADED, ENVIRONMENT, NOW))
    tests = plain.pop("tests")
    assert plain == {
        "schema": "classroom50/result/v1",
        "classroom": "nlp",
        "assignment": "ch3",
        "assignment_type": "individual",
        "owner": "ada",
        "submission": "submit/2026-10-01T08-00-00Z-abc1234",
        "commit": "https://h/c",
        "release": "https://h/r",
        "review": "https://h/v",
        "datetime": "2026-10-01T08:00:00Z",
        "graded_at": "2026-10-02T09:30:01Z",
        "score": 2,
        "max-score": 12,
    }
    assert tests[1] == {
        "test-name": "03 Sums: failed one",
        "passed": False,
        "score": 0,
        "max-score": 2,
        "outcome": "failed",
        "message": "It failed.\nHint: Look.",
    }
    assert [test["passed"] for test in tests] == [True] + [False] * 5
    assert all(type(test[key]) is int for test in tests for key in ("score", "max-score"))


@pytest.mark.parametrize("name", ENVIRONMENT)
@pytest.mark.parametrize("how", ["missing", "empty"])
def test_a_classroom50_result_needs_its_environment(name: str, how: str) -> None:
    environment = {**ENVIRONMENT, name: ""}
    if how == "missing":
        del environment[name]
    with pytest.raises(classroom50.NotInClassroom, match=f"^{name} is not set; "):
        classroom50.result(GRADED, environment, NOW)


@pytest.mark.parametrize("tag", ["v1", "submit/", "submit/now", "submit/2026-13-01T08-00-00Z-a"])
def test_a_tag_without_a_time_is_refused(tag: str) -> None:
    with pytest.raises(classroom50.NotInClassroom, match="SUBMISSION_TAG"):
        classroom50.result(GRADED, {**ENVIRONMENT, "SUBMISSION_TAG": tag}, NOW)


def test_a_third_kind_of_assignment_is_refused() -> None:
    with pytest.raises(classroom50.NotInClassroom, match="ASSIGNMENT_TYPE"):
        classroom50.result(GRADED, {**ENVIRONMENT, "ASSIGNMENT_TYPE": "pair"}, NOW)


@fuzz
@given(any_books(*WRONG))
def test_any_text_stays_text_for_classroom50(made: Gradebook) -> None:
    report = classroom50.result(made, ENVIRONMENT, NOW)
    assert report.isascii()
    plain = json.loads(report)
    assert plain["owner"] == "ada"
    assert (plain["score"], plain["max-score"], len(plain["tests"])) == (2, 4, 2)
    assert all(test["test-name"] for test in plain["tests"])


# -- GitLab ------------------------------------------------------------------------------------------------------------


def test_the_junit_report_has_what_gitlab_reads() -> None:
    made = book(*GRADED.rows, row(Outcome.NOT_RUN), row(Outcome.FAULT, message="KeyError"))
    [suite] = ElementTree.fromstring(gitlab.junit(made))
    assert suite.attrib == {"name": "03 Sums", "tests": "8", "failures": "4", "errors": "1", "skipped": "2"}
    assert suite[1].attrib == {
        "classname": "03_sums",
        "name": "failed one",
        "file": "03_sums/test_sums.py",
        "time": "0.250",
    }
    assert [[(told.tag, told.text) for told in case] for case in suite] == [
        [],
        [("failure", "failed (0/2)\nIt failed.\nHint: Look.")],
        [("failure", "todo (0/2)\nIt todo.")],
        [("failure", "broken (0/2)\nIt error.")],
        [("failure", "timed out (0/2)\nIt timeout.")],
        [("skipped", "waiting (0/2)\nIt skipped.")],
        [("skipped", "not run (0/2)\nThis check was not run; its points are open.\nIt not_run.")],
        [("error", f"fault (0/2)\n{FAULT}\nKeyError")],
    ]


def test_checks_of_one_name_are_numbered_because_gitlab_shows_only_the_first() -> None:
    [suite] = ElementTree.fromstring(gitlab.junit(book(row(), row(), row())))
    assert [case.get("name") for case in suite] == ["failed one", "failed one (2)", "failed one (3)"]


@fuzz
@given(any_books(*WRONG))
def test_any_text_stays_text_in_xml(made: Gradebook) -> None:
    report = gitlab.junit(made)
    assert report.isascii()
    [suite] = ElementTree.fromstring(report)
    assert [case.tag for case in suite] == ["testcase", "testcase"]
    assert {told.tag for case in suite for told in case} <= {"failure", "skipped"}
    assert suite.get("name") == title(made.exercises[0])
    wrong = only(made)[1]
    if wrong.outcome is Outcome.FAILED:
        assert suite[1][0].text == "\n".join(filter(None, ("failed (0/2)", said(wrong))))


# -- GitHub ------------------------------------------------------------------------------------------------------------


def test_the_step_summary_shows_the_grade_the_exercises_and_every_check() -> None:
    page = Page(github.step_summary(GRADED))
    assert "2 of 12 points; 1 of 6 checks passed" in page.plain
    assert "2/12" in page.plain
    assert "1 passed, 1 failed, 1 todo, 1 broken, 1 timed out, 1 waiting" in page.plain
    assert page.quoted[:2] == ["03 Sums", "03 Sums"]
    assert page.quoted[2:5] == ["passed one", "failed one", "It failed.\nHint: Look."]


def test_the_step_summary_of_a_fault_says_that_there_is_no_grade() -> None:
    page = Page(github.step_summary(FAULTY))
    assert "No grade: a fault of the grader's own broke 1 check; 1 of 2 checks passed" in page.plain
    assert not re.search(r"\d+ of \d+ points", page.plain)


@fuzz
@given(any_books(*Outcome))
def test_any_text_stays_text_in_the_step_summary(made: Gradebook) -> None:
    report = github.step_summary(made)
    assert report.isascii()
    shape = Page(github.step_summary(book(*(row(one.outcome) for one in made.rows))))
    page = Page(report)
    assert [tag for tag in page.tags if tag != "pre"] == [tag for tag in shape.tags if tag != "pre"]
    assert page.plain.split() == shape.plain.split()
    assert page.quoted[:2] == [title(made.exercises[0])] * 2
    wrong = only(made)[1]
    if wrong.outcome is Outcome.FAILED and said(wrong):
        assert page.quoted[-1] == said(wrong)
    assert workflow_commands(report) == []


@fuzz
@given(any_books(*Outcome))
def test_the_step_summary_is_one_block_that_markdown_leaves_alone(made: Gradebook) -> None:
    [token] = MarkdownIt("gfm-like", {"linkify": False}).parse("before\n" + github.step_summary(made) + "after")[3:-3]
    assert token.type == "html_block"
    assert token.content.strip() == github.step_summary(made).strip()


def test_the_step_summary_fits_and_says_what_was_cut() -> None:
    made = big(90, "&" * 9000)
    report = github.step_summary(made)
    assert len(report.encode()) <= 2**20
    assert sum("(This text was cut; it had 9,000 characters.)" in text for text in Page(report).quoted) == 90
    with pytest.raises(TooLong, match="a step summary"):
        github.step_summary(made, 1000)


def test_the_log_annotates_what_went_wrong() -> None:
    made = book(*GRADED.rows, row(Outcome.FAULT, message="KeyError"))
    commands = workflow_commands(github.log(made, TOKEN, {"03_sums": "ada/03_sums/sums.py"}))
    assert [command.name for command in commands] == [
        "group",
        "stop-commands",
        "endgroup",
        "error",
        "error",
        "error",
        "error",
        "notice",
    ]
    fault, failed, broken, late, notice = commands[3:]
    assert fault.properties == {"title": "03 Sums: fault one (0/2)"}
    assert fault.text.startswith(
        "A fault of the grader's own, not of your code, broke this check; its points are open."
    )
    assert failed.properties == {"file": "ada/03_sums/sums.py", "title": "03 Sums: failed one (0/2)"}
    assert failed.text == "It failed.\nHint: Look."
    assert (broken.text, late.text) == ("It error.", "It timeout.")
    assert notice.properties == {"title": "pytest-trainer"}
    assert notice.text == "No grade: a fault of the grader's own broke 1 check; 1 of 7 checks passed"


def test_an_annotation_names_the_line_that_raised() -> None:
    message = (
        "add raised ValueError: x\n  sums.py, line 3, in add\n    helper()\n  sums.py, line 12, in helper\n    raise"
    )
    made = book(row(Outcome.ERROR, message=message), row(Outcome.ERROR, message="  other.py, line 3, in add"))
    first, second = workflow_commands(github.log(made, TOKEN, {"03_sums": "ada/sums.py"}))[3:5]
    assert (first.properties["file"], first.properties["line"]) == ("ada/sums.py", "12")
    assert "line" not in second.properties


def test_there_are_no_more_annotations_than_github_shows() -> None:
    commands = workflow_commands(github.log(big(13, "wrong"), TOKEN))
    assert [command.name for command in commands].count("error") == 10
    assert commands[-1].text.endswith("; 10 of 13 checks that went wrong are annotated, all are in the summary")


@pytest.mark.parametrize("evil", EVIL, ids=ascii)
@pytest.mark.parametrize("outcome", WRONG)
def test_no_text_is_taken_for_a_command(evil: str, outcome: Outcome) -> None:
    made = book(row(outcome, name=evil, message=f"{evil}\n{evil}", diagnosis=evil, hint=evil), title=evil)
    expected = ["group", "stop-commands", "endgroup", *["error"] * (outcome in github.ANNOTATED), "notice"]
    commands = workflow_commands(github.log(made, TOKEN))
    assert [command.name for command in commands] == expected
    if outcome is Outcome.FAILED:
        name = f"{title(made.exercises[0])}: {check_name(made.rows[0])} (0/2)"
        assert (commands[3].text, commands[3].properties) == (said(made.rows[0]), {"title": name})


@fuzz
@given(any_books(*Outcome))
def test_any_text_stays_text_in_the_log(made: Gradebook) -> None:
    log = github.log(made, TOKEN, {made.exercises[0].name: "a file,line=1::b.py"})
    commands = workflow_commands(log)
    assert log.encode("utf-8").decode() == log
    errors = [command for command in commands if command.name == "error"]
    assert [command.name for command in commands if command.name != "error"] == [
        "group",
        "stop-commands",
        "endgroup",
        "notice",
    ]
    wrong = only(made)[1]
    assert len(errors) == (wrong.outcome in github.ANNOTATED)
    if wrong.outcome is Outcome.FAILED:
        assert errors[0].text == (said(wrong) or "failed")
        name = f"{title(made.exercises[0])}: {check_name(wrong)} (0/2)"
        assert errors[0].properties == {"file": "a file,line=1::b.py", "title": line(name)}
