"""`pytest-trainer init`: a fresh course to work in, which pytest grades as all to do."""

import sys
import sysconfig
from pathlib import Path
from subprocess import CompletedProcess

import pytest

import pytest_trainer
from course import run_command, run_pytest
from pytest_trainer.classroom.course import course_folder


def pytest_trainer_command(folder: Path, *arguments: str) -> CompletedProcess[str]:
    scripts = Path(sysconfig.get_path("scripts"))
    return run_command(folder, str(scripts / "pytest-trainer"), *arguments)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_init_copies_the_course_and_pytest_grades_it_as_todo(tmp_path: Path) -> None:
    ended = pytest_trainer_command(tmp_path, "init", "course")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.endswith("exercises are in course. Now run:\n\n    pytest course\n")
    exercises = sorted(path.name for path in (tmp_path / "course").glob("[0-9]*"))
    assert ended.stdout.startswith(f"{len(exercises)} exercises")
    assert "02_collation" in exercises
    run = run_pytest(tmp_path, "course")
    assert run.status == 1
    assert set(run.outcomes.values()) == {"todo"}
    assert [exercise["name"] for exercise in run.book["exercises"]] == exercises
    assert "loading torch" not in run.text


def test_init_copies_the_files_of_the_course_and_no_traces_of_runs(tmp_path: Path) -> None:
    pytest_trainer_command(tmp_path, "init", "course")
    copied, course = contents(tmp_path / "course"), contents(course_folder())
    assert copied == {
        name: text
        for name, text in course.items()
        if not any(part.startswith(".") or part == "__pycache__" for part in Path(name).parts)
    }
    assert {Path(name).suffix for name in copied} <= {".py", ".md", ".ini", ".svg"}


def test_init_fills_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "course").mkdir()
    assert pytest_trainer_command(tmp_path, "init", "course").returncode == 0
    assert (tmp_path / "course" / "02_collation" / "collation.py").is_file()


def test_init_makes_the_folders_on_the_way(tmp_path: Path) -> None:
    assert pytest_trainer_command(tmp_path, "init", "deep/down/course").returncode == 0
    assert (tmp_path / "deep/down/course/pytest.ini").is_file()


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    work = tmp_path / "course" / "02_collation" / "collation.py"
    work.parent.mkdir(parents=True)
    work.write_text("mine")
    before = contents(tmp_path)
    ended = pytest_trainer_command(tmp_path, "init", "course")
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr == (
        "pytest-trainer: course exists and is not empty; name a new folder, so that nothing is overwritten.\n"
    )
    assert contents(tmp_path) == before


def test_init_refuses_a_file(tmp_path: Path) -> None:
    (tmp_path / "course").write_text("mine")
    ended = pytest_trainer_command(tmp_path, "init", "course")
    assert ended.returncode == 2
    assert ended.stderr.startswith("pytest-trainer: course ")
    assert "Traceback" not in ended.stderr
    assert (tmp_path / "course").read_text() == "mine"


def test_init_says_where_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "a_file").write_text("")
    ended = pytest_trainer_command(tmp_path, "init", "a_file/course")
    assert ended.returncode == 2
    assert ended.stderr == "pytest-trainer: a_file/course cannot be written: Not a directory.\n"


@pytest.mark.parametrize("arguments", [(), ("init",), ("initialise", "x")], ids=["none", "no folder", "misspelt"])
def test_an_unknown_command_is_refused(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ended = pytest_trainer_command(tmp_path, *arguments)
    assert ended.returncode == 2
    assert ended.stderr.startswith("usage: pytest-trainer")


def test_the_command_is_quick_to_start(tmp_path: Path) -> None:
    code = "import sys; import pytest_trainer.classroom.cli; print(*sys.modules)"
    ended = run_command(tmp_path, sys.executable, "-c", code)
    assert not {"torch", "transformers", "numpy", "hypothesis", "pytest"} & set(ended.stdout.split())


def test_the_public_names_are_three() -> None:
    assert sorted(pytest_trainer.__all__) == ["check", "expect", "given"]
