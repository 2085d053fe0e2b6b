"""`pytest-trainer report`: where the report goes, and what is said where there is none."""

import json
import sys
from pathlib import Path
from subprocess import CompletedProcess
from xml.etree import ElementTree

import pytest

from classroom.gradebooks import ENVIRONMENT, Page, book, row, workflow_commands
from course import RIGHT, WRONG, Exercise, run_command, run_pytest, write_course
from pytest_trainer.classroom.cli import TARGETS
from pytest_trainer.classroom.course import CourseError
from pytest_trainer.classroom.report import student_files, write_report
from pytest_trainer.grading.gradebook import Gradebook
from pytest_trainer.grading.outcome import Outcome

GOOD = book(row(Outcome.PASSED), row(Outcome.FAILED, message="größer ::error::x"))
FAULTY = book(row(Outcome.PASSED), row(Outcome.FAULT, message="KeyError"))
OURS = {"GITHUB_STEP_SUMMARY": "", "GITHUB_WORKSPACE": "", **ENVIRONMENT}


def report(folder: Path, target: str, *more: str, **environment: str) -> CompletedProcess[str]:
    command = (sys.executable, "-m", "pytest_trainer", "report", "grades.json", "--to", target, *more)
    return run_command(folder, *command, **{**OURS, **environment})


def write(folder: Path, made: Gradebook) -> None:
    (folder / "grades.json").write_text(made.to_json(), encoding="utf-8")


@pytest.mark.parametrize("target", TARGETS)
def test_the_report_goes_to_standard_output_or_to_a_file(tmp_path: Path, target: str) -> None:
    write(tmp_path, GOOD)
    printed = report(tmp_path, target, PYTHONIOENCODING="ascii", LC_ALL="C")
    assert (printed.returncode, printed.stderr) == (0, "")
    written = report(tmp_path, target, "--out", "report")
    assert (written.returncode, written.stderr) == (0, "")
    kept = (tmp_path / "report").read_text(encoding="utf-8")
    if target == "github":
        assert printed.stdout.startswith(kept)
        assert [command.name for command in workflow_commands(written.stdout)][-2:] == ["error", "notice"]
        assert Page(kept).quoted
    elif target == "classroom50":
        assert json.loads(kept)["tests"] == json.loads(printed.stdout)["tests"]
    else:
        assert (kept, written.stdout) == (printed.stdout, "")
        assert ElementTree.fromstring(kept).tag == "testsuites" if target == "gitlab" else json.loads(kept)["tests"]


def test_the_step_summary_is_appended_where_github_says(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    (tmp_path / "summary.md").write_text("# Before\n")
    ended = report(tmp_path, "github", GITHUB_STEP_SUMMARY="summary.md")
    assert ended.returncode == 0
    before, _, after = (tmp_path / "summary.md").read_text().partition("# Before\n")
    assert before == ""
    assert Page(after).quoted[0] == "03 Sums"
    assert "<h2>" not in ended.stdout


def test_what_another_command_put_into_the_summary_leaves_less_room(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    (tmp_path / "summary.md").write_bytes(b"x" * (2**20 - 100))
    ended = report(tmp_path, "github", GITHUB_STEP_SUMMARY="summary.md")
    assert ended.returncode == 2
    assert ended.stderr.startswith("pytest-trainer: the report is longer than the 100 bytes that a step summary takes")
    assert (tmp_path / "summary.md").stat().st_size == 2**20 - 100


def test_each_log_has_a_token_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    stops = [
        next(command.text for command in workflow_commands(log) if command.name == "stop-commands")
        for log in (report(tmp_path, "github", "--out", "s").stdout for _ in range(2))
    ]
    assert len(set(stops)) == 2
    assert {len(stop) for stop in stops} == {32}


@pytest.mark.parametrize("target", TARGETS)
def test_a_fault_never_becomes_a_zero(tmp_path: Path, target: str) -> None:
    write(tmp_path, FAULTY)
    (tmp_path / "report").write_text("an older grade")
    ended = report(tmp_path, target, "--out", "report")
    assert ended.returncode == 3
    why = "a fault of the grader's own broke 1 check; so there is no grade, and no zero."
    assert ended.stderr == f"pytest-trainer: {why}\n"
    if target in ("gradescope", "classroom50"):
        assert not (tmp_path / "report").exists()
    else:
        kept = (tmp_path / "report").read_text()
        assert {"github": "No grade", "gitlab": "<error>fault", "prairielearn": '"gradable": false'}[target] in kept


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "grades.json cannot be read: No such file or directory."),
        ("", "grades.json is no JSON; it may have been cut off while it was written."),
        ("[]", "grades.json is no gradebook; `pytest --gradebook FILE` writes one."),
        ('{"schema": 2}', "grades.json has another schema than 1; use the version of pytest-trainer that wrote it."),
        ('{"schema": 1}', "grades.json is damaged: submission is missing."),
    ],
    ids=["no file", "empty", "list", "schema 2", "damaged"],
)
@pytest.mark.parametrize("target", ["gradescope", "github"])
def test_bad_input_gets_one_sentence_and_leaves_no_old_report(
    tmp_path: Path, target: str, text: str | None, said: str
) -> None:
    if text is not None:
        (tmp_path / "grades.json").write_text(text)
    (tmp_path / "report").write_text("an older grade")
    ended = report(tmp_path, target, "--out", "report")
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", f"pytest-trainer: {said}\n")
    assert not (tmp_path / "report").exists()


def test_the_gradebook_is_never_overwritten_by_its_report(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    ended = report(tmp_path, "gitlab", "--out", "./grades.json")
    assert (ended.returncode, ended.stderr) == (
        2,
        "pytest-trainer: --out grades.json is the gradebook itself; name another file.\n",
    )
    assert (tmp_path / "grades.json").read_text(encoding="utf-8") == GOOD.to_json()


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    ended = report(tmp_path, "gitlab", "--out", "nowhere/report.xml")
    assert (ended.returncode, ended.stderr) == (
        2,
        "pytest-trainer: nowhere/report.xml cannot be written: No such file or directory.\n",
    )


def test_a_link_to_a_report_is_written_through_and_never_removed(tmp_path: Path) -> None:
    write(tmp_path, FAULTY)
    (tmp_path / "report").symlink_to("/dev/stdout")
    assert report(tmp_path, "prairielearn", "--out", "report").stdout.startswith('{\n "gradable": false')
    assert report(tmp_path, "gradescope", "--out", "report").returncode == 3
    assert (tmp_path / "report").is_symlink()


def test_an_old_report_that_cannot_be_removed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, FAULTY)
    (tmp_path / "report").write_text("an older grade")

    def unlink(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "unlink", unlink)
    with pytest.raises(CourseError, match=r"report is of an older run and cannot be removed: Permission denied\.$"):
        write_report(tmp_path / "grades.json", "gradescope", tmp_path / "report", {})


def test_classroom50_needs_its_runner(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    ended = report(tmp_path, "classroom50", OWNER="")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "pytest-trainer: OWNER is not set; classroom50's runner sets what its report needs.\n"


def test_a_system_must_be_named(tmp_path: Path) -> None:
    ended = run_command(tmp_path, sys.executable, "-m", "pytest_trainer", "report", "grades.json")
    assert ended.returncode == 2
    assert "--to" in ended.stderr


def test_nothing_heavy_is_imported(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    code = (
        "import sys; from pytest_trainer.classroom.cli import main; "
        "main(['report', 'grades.json', '--to', 'gitlab', '--out', 'r']); print(*sys.modules)"
    )
    ended = run_command(tmp_path, sys.executable, "-c", code)
    assert ended.returncode == 0
    assert not {"torch", "transformers", "numpy", "hypothesis", "pytest"} & set(ended.stdout.split())


def test_the_students_file_is_named_where_it_is_in_a_usual_place(tmp_path: Path) -> None:
    made = book(row())
    assert student_files(made, tmp_path) == {}
    for place in ("sums.py", "03_sums/sums.py", "ada/03_sums/sums.py"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text("")
        assert student_files(made, tmp_path) == {"03_sums": place}


def test_a_real_gradebook_is_reported(tmp_path: Path) -> None:
    course = write_course(tmp_path, Exercise("01_adding", RIGHT), Exercise("02_more", WRONG), Exercise("03_rest"))
    run = run_pytest(tmp_path, str(course))
    run.gradebook.rename(tmp_path / "grades.json")
    ended = report(tmp_path, "gradescope")
    plain = json.loads(ended.stdout)
    assert (ended.returncode, plain["score"]) == (0, 5)
    assert [test["status"] for test in plain["tests"]] == ["passed"] * 2 + ["failed"] * 4
    assert "wanted" in plain["tests"][2]["output"]
