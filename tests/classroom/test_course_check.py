"""`pytest-trainer check-course` on courses in which one thing is wrong, and on ours."""

import sys
from pathlib import Path

import pytest

import pytest_trainer
from course import CHECKS, HEAD, ONE_SUM, RIGHT, STUB, Exercise, run_command, write_answer, write_course
from pytest_trainer.classroom.course import course_folder
from pytest_trainer.classroom.course_check import file_problems

GOOD = Exercise("01_sum", files={"README.md": "# 01 Sum: plus\n"})
SOLUTION = STUB.replace("raise NotImplementedError", "return a + b")


def write(tmp_path, exercise):
    write_course(tmp_path, exercise)
    write_answer(tmp_path / "solutions" / exercise.name / exercise.file, SOLUTION)


def check(tmp_path, exercise, points=5):
    write(tmp_path, exercise)
    command = (sys.executable, "-m", "pytest_trainer", "check-course", "exercises")
    return run_command(tmp_path, *command, "--solutions=solutions", f"--points={points}")


def with_checks(checks, **files):
    return Exercise("01_sum", checks=checks, files={"README.md": "# 01 Sum: plus\n", **files})


def test_a_course_in_order_has_no_problem(tmp_path):
    ended = check(tmp_path, GOOD)
    assert ended.stdout == "1 exercise, 2 checks, 5 points, 0 by observation; no problems\n"
    assert (ended.returncode, ended.stderr) == (0, "")


PROBE = 'submission.probe("{}")'
ASKS = HEAD + ONE_SUM.replace('submission.call("add", 1, 2, limit=1)', 'submission.probe("sum_of")')
PROBES = "def sum_of(student):\n    return student.add(1, 2)\n"


@pytest.mark.parametrize(
    ("exercise", "sentence"),
    [
        (
            Exercise("01_sum", files={"README.md": "# Sum\n"}),
            "01_sum/README.md must open with a title such as '# 01 Name",
        ),
        (with_checks(CHECKS, **{"notes.txt": "x"}), "01_sum/notes.txt is stray"),
        (with_checks(CHECKS, **{"sum.svg": "<svg/>"}), "01_sum/sum.svg is stray"),
        (with_checks(CHECKS.replace('hint="Plus, not minus."', 'hint=""')), "test_adds_one_and_two has no hint."),
        (with_checks(CHECKS.replace('needs="add"', 'needs="sub"', 1)), "needs 'sub', which is no stub of sum.py"),
        (with_checks(CHECKS.replace("points=3,", "points=3, after='test_x',")), "waits on 'test_x', which is no check"),
        (
            with_checks(CHECKS.replace("points=3,", "points=3, after='test_adds_one_and_two',")),
            "or waits on it in turn",
        ),
        (with_checks(CHECKS + ONE_SUM), "there are 2 functions test_adds_one_and_two; only the last one counts"),
        (with_checks(ASKS), "the probe 'sum_of' is not in probes.py"),
        (with_checks(CHECKS, **{"probes.py": PROBES}), "no check asks for the probe 'sum_of'"),
        (
            Exercise("01_sum", answer=STUB.replace("The sum", "A sum"), files=GOOD.files),
            "01_sum/sum.py: add has another docstring in the solution than in the stub.",
        ),
        (
            Exercise("01_sum", answer=STUB.replace("Add two", "Sum two"), files=GOOD.files),
            "01_sum/sum.py: the file has another docstring in the solution than in the stub.",
        ),
        (
            Exercise("01_sum", answer=STUB + "\n\ndef sub(a, b):\n    raise NotImplementedError\n", files=GOOD.files),
            "01_sum/sum.py: sub is in the stub and not in the solution.",
        ),
        (Exercise("01_sum", answer=None, files=GOOD.files), "01_sum lacks sum.py."),
    ],
)
def test_a_problem_of_the_files_is_a_sentence(tmp_path, exercise, sentence):
    write(tmp_path, exercise)
    problems = file_problems(tmp_path / "exercises", tmp_path / "solutions")
    assert any(sentence in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("exercise", "sentence"),
    [
        (with_checks(CHECKS.replace("points=3", "points=1 + 2")), "the words of its @check must be literals"),
        (with_checks(CHECKS.replace("points=3", "points=4")), "The points add up to 6, wanted 5."),
        (
            with_checks(CHECKS.replace("points=3,", "points=3, evidence='observation',")),
            "Checks by observation carry 3 points, at most 0 may be: 01_sum/test_sum.py::test_adds_one_and_two.",
        ),
        (
            with_checks(CHECKS.replace("expect.close(submission.call", "expect.close(1 + submission.call")),
            "test_adds_one_and_two: on the solution it must pass, and is failed",
        ),
        (
            Exercise("01_sum", answer=RIGHT, files=GOOD.files),
            "test_adds_one_and_two: on the stub it must be todo, and is passed",
        ),
        (
            Exercise("01_sum", answer="def add(a, b):\n    return NotImplementedError\n", files=GOOD.files),
            "test_adds_one_and_two: on the stub it must be todo, and is failed",
        ),
        (
            Exercise("01_sum", answer=STUB.replace("a, b)", "a, b=0)"), files=GOOD.files),
            "01_sum/sum.py: add has another signature in the solution than in the stub.",
        ),
    ],
)
def test_a_problem_of_a_run_is_a_sentence(tmp_path, exercise, sentence):
    ended = check(tmp_path, exercise)
    assert sentence in ended.stdout
    assert ended.returncode == 1, ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr


def test_a_picture_of_the_lesson_is_not_stray(tmp_path):
    files = {"README.md": "# 01 Sum: plus\n\n![Two numbers and their sum](sum.svg)\n", "sum.svg": "<svg/>"}
    write(tmp_path, with_checks(CHECKS, **files))
    assert file_problems(tmp_path / "exercises", tmp_path / "solutions") == []


def test_a_probe_that_is_asked_for_and_there_is_no_problem(tmp_path):
    assert check(tmp_path, with_checks(ASKS, **{"probes.py": PROBES}), points=3).returncode == 0


def test_a_missing_solution_is_a_problem(tmp_path):
    exercises = write_course(tmp_path, GOOD)
    assert file_problems(exercises, tmp_path / "solutions") == ["01_sum: there is no solution solutions/01_sum/sum.py."]


def test_what_cannot_be_run_is_one_sentence(tmp_path):
    ended = check(tmp_path, with_checks(CHECKS.replace("points=3", "point=3")))
    assert ended.returncode == 2
    assert "@check has no word 'point'" in ended.stderr
    assert "Traceback" not in ended.stderr
    missing = run_command(tmp_path, sys.executable, "-m", "pytest_trainer", "check-course", "nowhere")
    assert (missing.returncode, missing.stderr) == (2, "pytest-trainer: nowhere is not a folder.\n")


def test_our_own_files_fit_together():
    solutions = Path(pytest_trainer.__file__).parents[2] / "solutions"
    assert file_problems(course_folder(), solutions) == []
