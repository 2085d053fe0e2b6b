"""The command: what survives is told, what is known is not graded again, and the list of equivalents is held to."""

import sys
from pathlib import Path

import pytest

from course import HEAD, ONE_SUM, RIGHT, Exercise, run_command, write_answer, write_course
from mutants import FAULT, KILLED, SURVIVED, TIMEOUT, Trial, Verdict, line_of, row_of, verdict_of
from mutation import Mutant

COMMAND = Path(__file__).parents[2] / "benchmarks" / "mutants.py"
SUM = Exercise("01_sum", RIGHT, checks=HEAD + ONE_SUM)
NEVER_FAILS = """

@check(points=1, needs="add", hint="Anything goes.")
def test_add_answers(submission):
    submission.call("add", 1, 2)
"""
BREAKS = """

@check(points=1, needs="add", hint="Our own slip.")
def test_breaks_on_a_wrong_answer(submission):
    1 / (submission.call("add", 1, 2) == 3)
"""
LISTED = """
[[mutant]]
exercise = "02_any"
function = "add"
before = "return a + b"
after = "return {}"
reason = "This check asks for nothing."
"""


class Command:
    """The command over a small course, always with the same folder for its verdicts."""

    def __init__(self, folder, *exercises):
        self.folder = folder
        self.exercises = write_course(folder, *exercises)
        for exercise in exercises:
            answer = folder / "solutions" / exercise.name / exercise.file
            answer.parent.mkdir(parents=True)
            write_answer(answer, exercise.answer)

    def __call__(self, *arguments, equivalent=""):
        listed = self.folder / "equivalent.toml"
        listed.write_text(equivalent)
        places = [f"--{name}={self.folder / name}" for name in ("exercises", "solutions", "out")]
        return run_command(
            self.folder, sys.executable, str(COMMAND), *places, f"--equivalent={listed}", "--jobs=2", *arguments
        )


@pytest.fixture(scope="module")
def command(tmp_path_factory):
    """The command, after a first run over a check that looks, one that does not, and one that is broken."""
    any_answer = Exercise("02_any", RIGHT, checks=HEAD + NEVER_FAILS)
    broken = Exercise("03_broken", "def add(a, b):\n    return 3\n", checks=HEAD + BREAKS)
    command = Command(tmp_path_factory.mktemp("course"), SUM, any_answer, broken)
    command.first = command()
    return command


def row(run, name):
    """The numbers in a line of the table."""
    [line] = [line for line in run.stdout.splitlines() if line.startswith(f"{name} ")]
    assert len(line) <= 80
    return line.split()[1:]


def test_a_check_that_looks_kills_every_mutant(command):
    assert row(command.first, "01_sum") == ["7", "7", "0", "0", "0", "0", "100.00"], command.first


def test_a_check_that_never_fails_leaves_survivors_with_their_changed_line(command):
    assert row(command.first, "02_any") == ["7", "0", "0", "0", "7", "0", "0.00"]
    survivor = "--- 02_any add: operator changed\n@@ -2 +2 @@\n-    return a + b\n+    return a - b\n"
    assert survivor in command.first.stdout
    assert command.first.returncode == 1


def test_a_fault_of_the_grader_is_no_kill(command):
    assert row(command.first, "03_broken") == ["5", "0", "0", "0", "0", "5", "0.00"]
    assert "FAULT OF THE GRADER: 03_broken, ZeroDivisionError" in command.first.stdout


@pytest.mark.parametrize(
    ("outcomes", "verdict"),
    [
        (["passed", "passed"], SURVIVED),
        (["passed", "failed", "not_run"], KILLED),
        (["error"], KILLED),
        (["todo", "skipped"], KILLED),
        (["failed", "timeout"], TIMEOUT),
        (["failed", "timeout", "fault"], FAULT),
        ([], FAULT),
    ],
)
def test_the_outcomes_of_the_checks_make_the_verdict(outcomes, verdict):
    checks = [{"name": f"test_{i}", "outcome": outcome, "message": ""} for i, outcome in enumerate(outcomes)]
    assert verdict_of({"exercises": [{"checks": checks}]}).outcome == verdict


def test_killed_by_a_timeout_is_killed_and_counted_apart():
    trials = [Trial("01_sum", Mutant("add", "", "", str(i), ""), str(i)) for i in range(4)]
    known = dict(zip("0123", map(Verdict, (KILLED, TIMEOUT, SURVIVED, SURVIVED)), strict=True))
    line = line_of("01_sum", row_of(trials, known, {trials[3].identity: "the reason"}))
    assert line.split() == ["01_sum", "4", "2", "1", "1", "1", "0", "66.67"]


def test_what_is_known_is_not_graded_again(command):
    again = command()
    assert "grading " in command.first.stdout
    assert "grading" not in again.stdout
    assert command.first.stdout.endswith(again.stdout)


def test_an_exercise_can_be_named_by_how_it_begins(command):
    only = command("01")
    assert only.returncode == 0
    assert row(only, "all") == row(only, "01_sum")
    assert "no such exercise" in command("99").stderr


def test_what_is_listed_as_equivalent_does_not_count(command):
    run = command("02", equivalent=LISTED.format("a - b"))
    assert row(run, "02_any") == ["7", "0", "0", "1", "6", "0", "0.00"]
    assert "return a - b" not in run.stdout


def test_an_entry_that_is_not_true_is_told(command):
    run = command("02", equivalent=LISTED.format("a ^ b"))
    assert "02_any, add: 'return a + b' -> 'return a ^ b' matches no mutant." in run.stdout
    run = command("01", equivalent=LISTED.format("a - b").replace("02_any", "01_sum"))
    assert "is listed as equivalent, and killed." in run.stdout
    assert run.returncode == 1
    assert "matches" not in command("01", equivalent=LISTED.format("a ^ b")).stdout  # of another exercise


def test_a_changed_check_is_asked_anew_and_an_answer_that_it_refuses_is_told(command):
    checks = command.exercises / SUM.name / SUM.test_file
    checks.write_text(checks.read_text().replace("3, ", "4, "))
    run = command("01")
    assert "grading 8 of 8 answers" in run.stdout
    assert "THE ANSWER ITSELF IS REFUSED: 01_sum: {'test_adds_one_and_two': 'failed'}" in run.stdout
    assert run.returncode == 1
