"""Which files appeared where a student's code had no business to write."""

from pathlib import Path

import pytest

from pytest_trainer.submission import watched
from pytest_trainer.submission.watched import Watched


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "student"
    folder.mkdir()
    (folder / "collation.py").write_text("")
    return folder


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "hf_home"
    (home / "hub").mkdir(parents=True)
    (home / "hub" / "config.json").write_text("{}")
    monkeypatch.setenv("HF_HOME", str(home))
    return home


def write(*parts: str | Path) -> Path:
    path = Path(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    return path


def test_at_first_nothing_is_new(folder: Path) -> None:
    assert Watched(folder).new() == []


def test_new_files_are_listed_in_order_and_old_ones_are_not(folder: Path) -> None:
    before = Watched(folder)
    wanted = [write(folder, "a", "model.bin"), write(folder, "log.txt"), write(folder, "z.txt")]
    write(folder, "collation.py")
    assert before.new() == wanted


@pytest.mark.parametrize("cache", ["__pycache__", ".pytest_cache", ".hypothesis", ".venv", ".git", "a/__pycache__"])
def test_what_tools_keep_beside_the_file_does_not_count(folder: Path, cache: str) -> None:
    before = Watched(folder)
    write(folder, cache, "collation.cpython-313.pyc")
    assert before.new() == []


@pytest.mark.parametrize("cache", ["metrics", "modules", "datasets", "evaluate", "xet"])
def test_the_libraries_own_caches_do_not_count_but_a_model_in_them_does(folder: Path, home: Path, cache: str) -> None:
    before = Watched(folder)
    write(home, cache, "accuracy", "cache.arrow")
    model = write(home, cache, "mine", "model.safetensors")
    assert before.new() == [model]


def test_anything_else_in_the_home_counts(folder: Path, home: Path) -> None:
    before = Watched(folder)
    assert before.new() == []
    new = [write(home, "hub", "mine", "config.json"), write(home, "notes.txt")]
    assert before.new() == sorted(new)


def test_the_home_is_the_one_of_the_start(folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Watched(folder)
    monkeypatch.delenv("HF_HOME")
    new = write(home, "notes.txt")
    assert before.new() == [new]


def test_no_home_is_no_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_HOME")
    before = Watched(folder)
    new = write(folder, "new.txt")
    assert before.new() == [new]


def test_a_huge_folder_is_not_walked_to_its_end(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched, "MOST_FILES", 10)
    before = Watched(folder)
    for number in range(30):
        write(folder, "many", f"{number}.txt")
    assert len(before.new()) <= 10


def test_links_in_a_circle_end(folder: Path) -> None:
    before = Watched(folder)
    (folder / "loop").mkdir()
    (folder / "loop" / "again").symlink_to(folder)
    assert before.new() == []
