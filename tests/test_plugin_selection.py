"""Any part of the course, from anywhere, in any order: what is left out is a row, and the total stays."""

from pathlib import Path

import pytest

from course import RIGHT, STUB, WRONG, Exercise, run_pytest, without_durations, write_answer, write_course

ONE = "test_adds_one_and_two"
ANY = "test_adds_any_two_numbers"


def write_three(folder: Path) -> Path:
    return write_course(folder, Exercise("01_adding", RIGHT), Exercise("02_more", WRONG), Exercise("03_last", STUB))


def test_k_leaves_rows_for_what_it_deselects(tmp_path: Path) -> None:
    write_three(tmp_path)
    run = run_pytest(tmp_path, "exercises", "-k", "one_and_two")
    assert run.outcomes == {
        f"01_adding::{ONE}": "passed",
        f"01_adding::{ANY}": "not_run",
        f"02_more::{ONE}": "failed",
        f"02_more::{ANY}": "not_run",
        f"03_last::{ONE}": "todo",
        f"03_last::{ANY}": "not_run",
    }
    assert (run.book["score"], run.book["max_score"]) == (3, 15)
    run.matcher.fnmatch_lines(["Lesson 01_adding * 3/5   1 not run"])


def test_what_was_selected_and_passed_is_not_called_all_done(tmp_path: Path) -> None:
    write_course(tmp_path, Exercise("01_adding", RIGHT))
    run = run_pytest(tmp_path, "exercises", "-k", "one_and_two")
    assert run.status == 0
    assert "All done" not in run.text


def test_x_stops_at_the_first_and_keeps_the_total(tmp_path: Path) -> None:
    write_three(tmp_path)
    run = run_pytest(tmp_path, "exercises", "-x")
    assert list(run.outcomes.values()) == ["passed", "passed", "failed", "not_run", "not_run", "not_run"]
    assert (run.status, run.book["score"], run.book["max_score"]) == (1, 5, 15)
    run.matcher.fnmatch_lines(["Next: Lesson 02_more"])


def test_lf_reruns_what_did_not_pass(tmp_path: Path) -> None:
    exercises = write_three(tmp_path)
    run_pytest(tmp_path, "exercises")
    write_answer(exercises / "02_more" / "more.py", RIGHT)
    run = run_pytest(tmp_path, "exercises", "--lf")
    assert run.outcomes[f"02_more::{ONE}"] == run.outcomes[f"02_more::{ANY}"] == "passed"
    assert run.outcomes[f"03_last::{ONE}"] == "todo"
    assert run.status == 1


def test_lf_keeps_the_rows_of_what_it_does_not_rerun(tmp_path: Path) -> None:
    half_right = "def add(a, b):\n    return abs(a) + abs(b)\n"
    write_course(tmp_path, Exercise("01_adding", RIGHT), Exercise("02_more", half_right))
    run_pytest(tmp_path, "exercises")
    run = run_pytest(tmp_path, "exercises", "--lf")
    assert run.outcomes == {
        f"01_adding::{ONE}": "not_run",
        f"01_adding::{ANY}": "not_run",
        f"02_more::{ONE}": "not_run",
        f"02_more::{ANY}": "failed",
    }
    assert run.book["max_score"] == 10


def test_runs_without_the_cache(tmp_path: Path) -> None:
    exercises = write_three(tmp_path)
    run = run_pytest(tmp_path, "exercises", "-p", "no:cacheprovider")
    assert (run.status, run.book["score"]) == (1, 5)
    assert not (exercises / ".pytest_cache").exists()


def test_co_lists_and_grades_nothing(tmp_path: Path) -> None:
    write_three(tmp_path)
    run = run_pytest(tmp_path, "exercises", "--co")
    assert run.status == 0
    assert "total" not in run.text
    assert "Next:" not in run.text
    assert not run.gradebook.exists()
    run.matcher.fnmatch_lines(["*<Function test_adds_one_and_two>"])


def test_one_check_by_its_node_id(tmp_path: Path) -> None:
    write_three(tmp_path)
    run = run_pytest(tmp_path, f"exercises/01_adding/test_adding.py::{ANY}")
    assert run.status == 0
    assert run.outcomes == {f"01_adding::{ANY}": "passed"}


def test_one_exercise_by_its_folder(tmp_path: Path) -> None:
    write_three(tmp_path)
    run = run_pytest(tmp_path, "exercises/02_more")
    assert list(run.outcomes) == [f"02_more::{ONE}", f"02_more::{ANY}"]
    run.matcher.fnmatch_lines(["   exercises/02_more/more.py:1", "   run    pytest exercises/02_more"])


@pytest.mark.parametrize(
    ("start", "arguments", "place"),
    [
        ("exercises", [], "02_more/more.py:1"),
        ("exercises/02_more", [], "more.py:1"),
        ("exercises/01_adding", ["../02_more"], "../02_more/more.py:1"),
        ("elsewhere/deep", ["../../exercises"], "../../exercises/02_more/more.py:1"),
        (".", ["exercises/02_more/../02_more/test_more.py"], "exercises/02_more/more.py:1"),
    ],
)
def test_from_any_working_directory(tmp_path: Path, start: str, arguments: list[str], place: str) -> None:
    write_three(tmp_path)
    (tmp_path / start).mkdir(parents=True, exist_ok=True)
    run = run_pytest(tmp_path / start, *arguments, "--gradebook", str(tmp_path / "gradebook.json"))
    run.matcher.fnmatch_lines([f"   {place}"])
    assert (tmp_path / "gradebook.json").exists()


def test_rows_have_the_same_names_from_everywhere(tmp_path: Path) -> None:
    write_three(tmp_path)
    whole = run_pytest(tmp_path, "exercises").rows
    inside = run_pytest(tmp_path / "exercises" / "02_more").rows
    assert inside.keys() < whole.keys()
    for name, row in inside.items():
        assert row["nodeid"] == whole[name]["nodeid"]


def test_a_course_without_an_ini_file_is_graded_all_the_same(tmp_path: Path) -> None:
    exercises = write_three(tmp_path)
    (exercises / "pytest.ini").unlink()
    run = run_pytest(tmp_path, "exercises")
    assert (run.status, run.book["score"], run.book["max_score"]) == (1, 5, 15)


def test_random_order_changes_nothing_in_the_gradebook(tmp_path: Path) -> None:
    write_three(tmp_path)
    plain = run_pytest(tmp_path, "exercises")
    shuffled = run_pytest(tmp_path, "exercises", "--randomly-seed=2", PYTEST_ADDOPTS="")
    assert without_durations(shuffled.book) == without_durations(plain.book)
