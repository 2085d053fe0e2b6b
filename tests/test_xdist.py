"""pytest-xdist: the same gradebook as one process, an exercise's checks on one worker, a death as a row."""

from collections import Counter
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
    without_durations,
    write_course,
)

MIXED = [
    Exercise("01_adding", RIGHT, CHECKS + ZERO_SUM),
    Exercise("02_more", WRONG, HEAD + ZERO_SUM + ONE_SUM + ANY_SUM),
    Exercise("03_todo", STUB),
    Exercise("04_missing", None),
    Exercise("05_broken", "def add(a, b:\n"),
    Exercise("06_raising", "def add(a, b):\n    return a / 0\n"),
    Exercise("07_noting", "import random\n\n\ndef add(a, b):\n    random.seed(1)\n    return a + b\n"),
]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("alone")
    write_course(folder, *MIXED)
    return without_durations(run_pytest(folder, "exercises", "--trainer-seed", "3").book)


@pytest.mark.parametrize(
    "arguments",
    [
        ("-n", "0"),
        ("-n", "2"),
        ("-n", "2", "--dist", "loadfile"),
        ("-n", "2", "--randomly-seed=4"),
    ],
    ids=" ".join,
)
def test_the_gradebook_is_that_of_one_process(
    tmp_path: Path, alone: dict[str, object], arguments: tuple[str, ...]
) -> None:
    write_course(tmp_path, *MIXED)
    random_order = {"PYTEST_ADDOPTS": ""} if "--randomly-seed=4" in arguments else {}
    run = run_pytest(tmp_path, "exercises", *arguments, "--trainer-seed", "3", **random_order)
    assert run.status == 1
    run.matcher.fnmatch_lines(
        ["pytest-trainer: grading * seed 3, isolation none", "total * 11/37 * seed 3", "Next: Lesson 02_more"]
    )
    assert run.text.count("pytest-trainer: grading") == 1
    assert without_durations(run.book) == alone


def test_what_is_deselected_is_a_row(tmp_path: Path) -> None:
    write_course(tmp_path, Exercise("01_adding", RIGHT), Exercise("02_more", RIGHT))
    run = run_pytest(tmp_path, "exercises", "-k", "one_and_two", "-n", "2")
    assert list(run.outcomes.values()) == ["passed", "not_run", "passed", "not_run"]


COUNTING = (
    HEAD
    + """
import os

import pytest


@pytest.fixture(scope="module", autouse=True)
def counted():
    with open(os.environ["SEEN"], "a") as seen:
        print(__file__, os.environ["PYTEST_XDIST_WORKER"], "training", file=seen)


@pytest.fixture(autouse=True)
def each():
    with open(os.environ["SEEN"], "a") as seen:
        print(__file__, os.environ["PYTEST_XDIST_WORKER"], "check", file=seen)
"""
    + "".join(
        f"""

@check(points=1, needs="add", hint="...")
def test_adds_{number}(submission):
    assert submission.call("add", {number}, 1) == {number} + 1
"""
        for number in range(6)
    )
)


@pytest.mark.parametrize(
    ("start", "arguments"),
    [
        ("exercises", []),
        (".", ["exercises/01_adding", "exercises/02_more/test_more.py"]),
    ],
)
def test_an_exercises_checks_run_on_one_worker(tmp_path: Path, start: str, arguments: list[str]) -> None:
    write_course(tmp_path, Exercise("01_adding", RIGHT, COUNTING), Exercise("02_more", RIGHT, COUNTING))
    seen = tmp_path / "seen"
    gradebook = ["--gradebook", str(tmp_path / "gradebook.json")]
    run = run_pytest(tmp_path / start, *arguments, "-n", "2", *gradebook, SEEN=str(seen))
    assert run.status == 0, run.text
    counted = Counter(seen.read_text().splitlines())
    assert sorted(counted.values()) == [1, 1, 6, 6]
    assert len({line.split()[1] for line in counted}) == 2


DYING = "import os\n\n\ndef add(a, b):\n    os._exit(1)\n"
DYING_AT_ONE_AND_TWO = """
import os


def add(a, b):
    with open(os.environ["SEEN"], "a") as seen:
        print(a, b, file=seen)
    if (a, b) == (1, 2):
        os._exit(1)
    return a + b
"""
FIVE_SUM = """

@check(points=2, needs="add", hint="...")
def test_adds_five_and_zero(submission):
    expect.close(submission.call("add", 5, 0), 5, "add(5, 0)", within=0)
"""


def test_a_check_that_ends_its_worker_runs_once_and_is_a_row(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    dying = Exercise("02_dying", DYING_AT_ONE_AND_TWO, HEAD + ONE_SUM + FIVE_SUM)
    write_course(tmp_path, Exercise("01_adding", RIGHT), dying, Exercise("03_last", RIGHT))
    run = run_pytest(tmp_path, "exercises", "-n", "2", SEEN=str(seen))
    assert run.status == 1
    assert (run.book["score"], run.book["max_score"]) == (12, 15)
    row = run.rows["02_dying::test_adds_one_and_two"]
    assert row["outcome"] == "error"
    assert row["message"].startswith("The process that ran this check ended while it ran, as os._exit() does;")
    assert seen.read_text().splitlines() == ["1 2", "5 0"]


def test_a_worker_that_dies_at_its_first_check_is_a_row(tmp_path: Path) -> None:
    checks = HEAD + ONE_SUM
    write_course(tmp_path, Exercise("01_dying", DYING, checks), Exercise("02_dying", DYING, checks))
    run = run_pytest(tmp_path, "exercises", "-n", "2")
    assert run.status == 1
    assert (run.book["score"], run.book["max_score"]) == (0, 6)
    assert set(run.outcomes.values()) == {"error"}


def test_a_worker_that_dies_at_its_only_check_is_a_row(tmp_path: Path) -> None:
    write_course(tmp_path, Exercise("01_dying", DYING, HEAD + ONE_SUM))
    run = run_pytest(tmp_path, "exercises", "-n", "1")
    assert run.status == 1
    assert run.outcomes == {"01_dying::test_adds_one_and_two": "error"}


def test_x_keeps_the_total(tmp_path: Path) -> None:
    write_course(tmp_path, *MIXED)
    run = run_pytest(tmp_path, "exercises", "-n", "2", "-x")
    assert run.book["max_score"] == 37


def test_a_file_of_checks_that_cannot_be_imported_keeps_its_points(tmp_path: Path) -> None:
    broken = CHECKS + "\nimport no_such_module\n"
    write_course(tmp_path, Exercise("01_adding", RIGHT, broken), Exercise("02_more", RIGHT))
    run = run_pytest(tmp_path, "exercises", "-n", "2")
    assert run.status not in (0, 5)
    assert run.book["max_score"] == 10
    assert run.outcomes["01_adding::test_adds_one_and_two"] == "fault"


def test_a_fault_of_ours_is_seen(tmp_path: Path) -> None:
    checks = HEAD + '\n\n@check(points=4, needs="add", hint="...")\ndef test_breaks(submission):\n    1 / 0\n'
    write_course(tmp_path, Exercise("01_adding", RIGHT, checks))
    run = run_pytest(tmp_path, "exercises", "-n", "1")
    assert run.status == 3
    assert run.outcomes == {"01_adding::test_breaks": "fault"}
