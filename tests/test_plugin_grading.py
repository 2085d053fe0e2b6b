"""From stubs to full points: what a run says, its exit status, and the gradebook that it writes."""

from pathlib import Path

import pytest

from course import (
    ANY_SUM,
    CHECKS,
    HEAD,
    ONE_SUM,
    RIGHT,
    STUB,
    WRONG,
    ZERO_SUM,
    Exercise,
    run_pytest,
    write_answer,
    write_course,
)

TELLS_WHAT_IS_LOADED = """
import sys


def pytest_unconfigure():
    print("loaded:", *sorted(name for name in sys.modules if "." not in name))
"""
BOOK_KEYS = ["schema", "submission", "score", "max_score", "seed", "world", "isolation", "versions", "exercises"]
EXERCISE_KEYS = ["name", "title", "score", "max_score", "checks"]
ROW_KEYS = ["name", "nodeid", "outcome", "score", "max_score", "evidence", "message", "hint", "diagnosis", "duration"]


def test_untouched_stubs_are_todo_and_nothing_heavy_is_imported(tmp_path: Path) -> None:
    conftest = {"conftest.py": TELLS_WHAT_IS_LOADED}
    write_course(tmp_path, Exercise("01_adding", files=conftest), Exercise("02_more"))
    # Hypothesis's own plugin imports the library at the end of every run, whoever used it.
    run = run_pytest(tmp_path, "exercises", "-p", "no:hypothesispytest")
    assert run.status == 1
    assert set(run.outcomes.values()) == {"todo"}
    assert (run.book["score"], run.book["max_score"]) == (0, 10)
    run.matcher.fnmatch_lines(
        [
            "Lesson 01_adding *  0/5   2 todo",
            "Lesson 02_more *  0/5   2 todo",
            "total *  0/10 *",
            "Next: Lesson 01_adding",
            "   exercises/01_adding/adding.py:4",
            "   check  adds one and two (3 points)",
            "   add is still to write; its docstring says what is asked.",
            "   read   exercises/01_adding/README.md",
            "   run    pytest exercises/01_adding",
            "*= 4 todo in *",
        ]
    )
    [loaded] = [line for line in run.text.splitlines() if line.startswith("loaded:")]
    heavy = {"torch", "transformers", "datasets", "evaluate", "numpy", "hypothesis", "sklearn", "pyarrow"}
    assert not heavy & set(loaded.split())
    assert "loading torch" not in run.text


def test_a_stub_may_raise_in_any_way(tmp_path: Path) -> None:
    ways = (
        "NotImplementedError",
        "NotImplementedError()",
        "NotImplementedError('add two numbers')",
        "NotImplementedError from None",
    )
    stubs = [f"def add(a, b):\n    'The sum.'\n    raise {way}\n" for way in ways]
    write_course(tmp_path, *(Exercise(f"0{number}_adding", stub) for number, stub in enumerate(stubs)))
    run = run_pytest(tmp_path, "exercises")
    assert set(run.outcomes.values()) == {"todo"}
    assert "loading torch" not in run.text


QUESTIONS = """\
from pytest_trainer import check


@check(points=1, needs="ANSWERS[1]")
def test_one(submission):
    pass


@check(points=1, needs=("ANSWERS[2]", "add"))
def test_two(submission):
    pass
"""


def test_an_entry_that_is_none_is_todo_and_named_with_its_line(tmp_path: Path) -> None:
    answers = "ANSWERS = {\n    1: None,\n    2: None,\n}\n" + RIGHT
    write_course(tmp_path, Exercise("01_adding", answers, QUESTIONS))
    run = run_pytest(tmp_path, "exercises")
    assert set(run.outcomes.values()) == {"todo"}
    assert "loading torch" not in run.text
    run.matcher.fnmatch_lines(
        ["   exercises/01_adding/adding.py:2", "   ANSWERS[[]1] is still to answer; the lesson has the question."]
    )
    write_answer(tmp_path / "exercises/01_adding/adding.py", answers + "ANSWERS[1] = 'b'\n")
    run = run_pytest(tmp_path, "exercises")
    assert list(run.outcomes.values()) == ["passed", "todo"]
    run.matcher.fnmatch_lines(["   exercises/01_adding/adding.py:3"])


def test_right_answers_get_full_points(tmp_path: Path) -> None:
    write_course(tmp_path, Exercise("01_adding", RIGHT), Exercise("02_more", RIGHT))
    run = run_pytest(tmp_path, "exercises")
    assert run.status == 0
    assert set(run.outcomes.values()) == {"passed"}
    run.matcher.fnmatch_lines(["Lesson 01_adding *  5/5   done", "total *  10/10 *", "All done. Well trained!"])
    assert "Next:" not in run.text


def test_the_gradebook_has_the_keys_of_its_schema(tmp_path: Path) -> None:
    write_course(tmp_path, Exercise("01_adding", WRONG), Exercise("02_more", RIGHT), Exercise("03_last"))
    run = run_pytest(tmp_path, "exercises", "--trainer-seed", "7")
    book = run.book
    assert list(book) == BOOK_KEYS
    assert (book["schema"], book["seed"], book["world"], book["isolation"]) == (1, 7, "tiny", "none")
    assert book["submission"] == "exercises"
    assert {"python", "pytest", "pytest-trainer", "torch", "transformers"} <= set(book["versions"])
    assert [exercise["name"] for exercise in book["exercises"]] == ["01_adding", "02_more", "03_last"]
    assert [exercise["title"] for exercise in book["exercises"]][1] == "Lesson 02_more"
    for exercise in book["exercises"]:
        assert list(exercise) == EXERCISE_KEYS
        for row in exercise["checks"]:
            assert list(row) == ROW_KEYS
            assert type(row["score"]) is type(row["max_score"]) is int
            assert row["duration"] >= 0
            assert row["evidence"] in ("result", "observation")
    assert sum(exercise["score"] for exercise in book["exercises"]) == book["score"] == 5
    assert sum(exercise["max_score"] for exercise in book["exercises"]) == book["max_score"] == 15
    assert all(
        sum(row[key] for row in exercise["checks"]) == exercise[key]
        for exercise in book["exercises"]
        for key in ("score", "max_score")
    )
    row = run.rows["01_adding::test_adds_one_and_two"]
    assert row["nodeid"] == "01_adding/test_adding.py::test_adds_one_and_two"
    assert (row["message"], row["hint"]) == ("add(1, 2): wanted 3, came back -1.", "Plus, not minus.")
    assert run.gradebook.read_text(encoding="utf-8").endswith("}\n")


def test_a_submission_is_graded_instead_of_the_stubs(tmp_path: Path) -> None:
    write_course(tmp_path, Exercise("01_adding"), Exercise("02_more"), Exercise("03_last"))
    write_answer(tmp_path / "class/ann/01_adding/adding.py", RIGHT)
    write_answer(tmp_path / "class/ann/more.py", WRONG)
    run = run_pytest(tmp_path, "exercises", "--submission", "class/ann")
    assert run.book["submission"] == "ann"
    assert [exercise["score"] for exercise in run.book["exercises"]] == [5, 0, 0]
    assert run.outcomes["02_more::test_adds_one_and_two"] == "failed"
    row = run.rows["03_last::test_adds_one_and_two"]
    assert row["outcome"] == "todo"
    assert row["message"] == "There is no file class/ann/03_last/last.py or class/ann/last.py; put your last.py there."
    run.matcher.fnmatch_lines(["   class/ann/more.py:1", "   check  adds one and two (3 points)"])


def test_students_with_the_same_file_names_do_not_meet(tmp_path: Path) -> None:
    helped = "from helper import add\n"
    write_course(
        tmp_path,
        Exercise("01_adding", helped, files={"helper.py": RIGHT}),
        Exercise("02_more", helped, files={"helper.py": WRONG}),
        Exercise("03_last", helped),
    )
    run = run_pytest(tmp_path, "exercises")
    assert [exercise["score"] for exercise in run.book["exercises"]] == [5, 0, 0]
    assert "No module named 'helper'" in run.rows["03_last::test_adds_one_and_two"]["message"]


def test_ordinary_tests_beside_the_checks_stay_ordinary(tmp_path: Path) -> None:
    write_course(tmp_path, Exercise("01_adding", RIGHT, CHECKS + "\n\ndef test_of_someone():\n    assert 1 + 1 == 3\n"))
    run = run_pytest(tmp_path, "exercises")
    assert run.status == 1
    assert (run.book["score"], run.book["max_score"]) == (5, 5)
    run.matcher.fnmatch_lines(["*= FAILURES =*", "*assert (1 + 1) == 3", "*= 1 failed, 2 passed in *"])


WAITING = HEAD + ZERO_SUM + ONE_SUM


def test_a_check_that_waits_says_so_in_one_line(tmp_path: Path) -> None:
    write_course(tmp_path, Exercise("01_adding", WRONG, WAITING))
    run = run_pytest(tmp_path, "exercises", "-v")
    assert run.outcomes == {
        "01_adding::test_adding_zero_changes_nothing": "skipped",
        "01_adding::test_adds_one_and_two": "failed",
    }
    row = run.rows["01_adding::test_adding_zero_changes_nothing"]
    assert row["message"].splitlines() == ["waits on: test_adds_one_and_two"]
    run.matcher.fnmatch_lines(["*waiting*0/1*adding zero changes nothing: waits on*", "   check  adds one and two*"])


def test_a_check_that_waited_runs_once_the_other_passes(tmp_path: Path) -> None:
    write_course(tmp_path, Exercise("01_adding", RIGHT, WAITING))
    assert run_pytest(tmp_path, "exercises").book["score"] == 4


@pytest.mark.parametrize("seed", [1, 2])
def test_a_check_comes_after_the_one_it_waits_on_in_random_order(tmp_path: Path, seed: int) -> None:
    names = [f"{number:02}_adding" for number in range(1, 7)]
    write_course(tmp_path, *(Exercise(name, WRONG, WAITING + ANY_SUM) for name in names))
    run = run_pytest(tmp_path, "exercises", "-v", f"--randomly-seed={seed}", PYTEST_ADDOPTS="")
    order = [line.split()[0] for line in run.lines if "::test_" in line and "%]" in line]
    assert len(order) == 18
    for name in names:
        ran = [line.partition("::")[2] for line in order if name in line]
        assert ran.index("test_adding_zero_changes_nothing") > ran.index("test_adds_one_and_two")
    assert list(run.outcomes.values()).count("skipped") == 6
    assert sorted(order) != order


# -- our own faults ---------------------------------------------------------------------------------------------------

BROKEN_CHECK = """

@check(points=4, needs="add", hint="...")
def test_breaks(submission):
    submission.call("add", 1, 2)
    {}["no such key"]
"""
BROKEN_FIXTURE = """
import pytest


@pytest.fixture
def numbers():
    {setup}
    yield [1, 2]
    {teardown}


@check(points=4, needs="add", hint="...")
def test_breaks(submission, numbers):
    expect.close(submission.call("add", *numbers), 3, "add", within=0)
"""
BROKEN_CHECKS = {
    "11_check": BROKEN_CHECK,
    "12_fixture": BROKEN_FIXTURE.format(setup="1 / 0", teardown=""),
    "13_end_of_fixture": BROKEN_FIXTURE.format(setup="", teardown="1 / 0"),
    "14_probe": BROKEN_CHECK.replace('call("add", 1, 2)', 'probe("look")'),
    "15_missing_probe": BROKEN_CHECK.replace('call("add", 1, 2)', 'probe("lok")'),
}


def test_a_fault_of_ours_is_never_a_students_zero(tmp_path: Path) -> None:
    probes = {"probes.py": "def look(student):\n    return {}['no such key']\n"}
    broken = [Exercise(name, RIGHT, HEAD + check + ONE_SUM, probes) for name, check in BROKEN_CHECKS.items()]
    write_course(tmp_path, *broken, Exercise("20_more", RIGHT))
    run = run_pytest(tmp_path, "exercises")
    assert run.status == 3
    broken_rows = {name: run.rows[f"{name}::test_breaks"] for name in BROKEN_CHECKS}
    assert {name: row["outcome"] for name, row in broken_rows.items()} == dict.fromkeys(BROKEN_CHECKS, "fault")
    assert all(row["message"] for row in broken_rows.values())
    assert (run.book["score"], run.book["max_score"]) == (5 * 3 + 5, 5 * 7 + 5)
    run.matcher.fnmatch_lines(
        [
            "Lesson 11_check * 3/7   1 fault",
            "A fault of the grader's own, not of your code, broke 5 checks;",
            "*Please show your teacher*",
            "   11_check/test_check.py::test_breaks",
        ]
    )


def test_a_file_of_checks_that_cannot_be_imported_keeps_its_points(tmp_path: Path) -> None:
    write_course(
        tmp_path, Exercise("01_adding", RIGHT, CHECKS + "\nimport no_such_module\n"), Exercise("02_more", RIGHT)
    )
    run = run_pytest(tmp_path, "exercises")
    assert run.status == pytest.ExitCode.INTERRUPTED
    assert run.book["max_score"] == 10
    rows = run.rows
    assert rows["01_adding::test_adds_one_and_two"]["outcome"] == "fault"
    assert rows["01_adding::test_adds_any_two_numbers"]["outcome"] == "fault"
    assert rows["01_adding::test_adds_one_and_two"]["message"].startswith(
        "exercises/01_adding/test_adding.py could not be imported."
    )
    assert "no_such_module" in rows["01_adding::test_adds_one_and_two"]["message"]
    assert rows["02_more::test_adds_one_and_two"]["outcome"] == "not_run"


def test_the_others_can_be_graded_beside_a_broken_file_of_checks(tmp_path: Path) -> None:
    write_course(
        tmp_path, Exercise("01_adding", RIGHT, CHECKS + "\nimport no_such_module\n"), Exercise("02_more", RIGHT)
    )
    run = run_pytest(tmp_path, "exercises", "--continue-on-collection-errors")
    assert run.status not in (0, 4, 5)
    assert (run.book["score"], run.book["max_score"]) == (5, 10)


# -- Hypothesis -------------------------------------------------------------------------------------------------------

RECORDING = """
import os


def add(a, b):
    with open(os.environ["DRAWN"], "a") as drawn:
        print(a, b, file=drawn)
    return a + b
"""


def test_the_seed_alone_decides_what_is_drawn(tmp_path: Path) -> None:
    write_course(tmp_path, Exercise("01_adding", RECORDING, HEAD + ANY_SUM))
    drawn = []
    for run, seed in enumerate(("0", "0", "1")):
        file = tmp_path / f"drawn{run}"
        assert run_pytest(tmp_path, "exercises", "--trainer-seed", seed, DRAWN=str(file)).status == 0
        drawn.append(file.read_text())
    assert drawn[0] == drawn[1] != drawn[2]
    assert not list(tmp_path.rglob(".hypothesis"))


def test_an_answer_that_depends_on_chance_gets_its_own_sentence(tmp_path: Path) -> None:
    chance = "import time\n\n\ndef add(a, b):\n    return a + b + (time.perf_counter_ns() // 1000 % 2)\n"
    write_course(tmp_path, Exercise("01_adding", chance, HEAD + ANY_SUM))
    run = run_pytest(tmp_path, "exercises")
    message = run.rows["01_adding::test_adds_any_two_numbers"]["message"]
    assert run.status == 1
    assert message.startswith(("The same input got two different answers", "the sum: wanted"))
    assert "Flaky" not in run.text


def test_students_prints_appear_under_s(tmp_path: Path) -> None:
    printing = "def add(a, b):\n    print('seen', a)\n    return a + b\n"
    write_course(tmp_path, Exercise("01_adding", printing, HEAD + ONE_SUM))
    assert "seen 1" in run_pytest(tmp_path, "exercises", "-s").text
    assert "seen 1" not in run_pytest(tmp_path, "exercises").text


def test_nothing_is_left_in_the_course_but_pytests_own_cache(tmp_path: Path) -> None:
    exercises = write_course(tmp_path, Exercise("01_adding", RIGHT), Exercise("02_more", STUB))
    before = set(exercises.rglob("*"))
    run_pytest(tmp_path, "exercises")
    new = {path for path in exercises.rglob("*") if path not in before}
    assert {path.relative_to(exercises).parts[0] for path in new} <= {".pytest_cache", "01_adding", "02_more"}
    assert not [path for path in new if path.suffix == ".py" or path.name == ".hypothesis"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["exercises", "gradebook.json"]


def test_a_name_that_a_library_no_longer_has_is_explained(tmp_path):
    old = "def add(a, b):\n    raise TypeError(\"Trainer.__init__() got an unexpected keyword argument 'tokenizer'\")\n"
    write_course(tmp_path, Exercise("01_sum", answer=old))
    run = run_pytest(tmp_path, "exercises")
    row = run.rows["01_sum::test_adds_one_and_two"]
    assert (row["outcome"], row["diagnosis"]) == (
        "error",
        "transformers 5.0 took the argument `tokenizer` from Trainer: it is called `processing_class` today.",
    )
    run.matcher.fnmatch_lines(["*took the argument `tokenizer` from Trainer*"])


def test_a_note_stays_with_the_check_in_which_it_arose(tmp_path):
    checks = CHECKS.replace(
        '    expect.close(submission.call("add", 1',
        '    submission.note("One and two are small.")\n    expect.close(submission.call("add", 1',
    )
    write_course(tmp_path, Exercise("01_sum", answer=RIGHT, checks=checks))
    run = run_pytest(tmp_path, "exercises")
    assert {name: row["message"] for name, row in run.rows.items()} == {
        "01_sum::test_adds_one_and_two": "One and two are small.",
        "01_sum::test_adds_any_two_numbers": "",
    }
    assert run.text.count("One and two are small.") == 1
