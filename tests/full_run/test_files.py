"""A report's files are whole or the old ones, and one that cannot be written leaves the others."""

import errno

import pytest

from full_run.trained import report
from pytest_trainer.full_run import files
from pytest_trainer.full_run.files import write_report
from pytest_trainer.full_run.report import Report

NAMES = ["report.json", "curves.png", "report.html"]


@pytest.fixture
def small_pictures(monkeypatch):
    """Pictures have tests of their own; here a byte stands for each."""
    monkeypatch.setattr("pytest_trainer.full_run.page.panel_png", lambda *_: b"x")
    monkeypatch.setattr(files, "curves_png", lambda _: b"x")


def test_three_files_are_written_and_nothing_else(tmp_path):
    written = write_report(report(), tmp_path / "runs" / "one")
    assert written.problems == ()
    assert [path.name for path in written.files] == NAMES
    assert sorted(path.name for path in (tmp_path / "runs" / "one").iterdir()) == sorted(NAMES)
    assert Report.from_json((tmp_path / "runs" / "one" / "report.json").read_text(encoding="utf-8")) == report()
    assert (tmp_path / "runs" / "one" / "curves.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.usefixtures("small_pictures")
@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_cannot_be_written_leaves_the_others(tmp_path, name):
    (tmp_path / name).mkdir()
    written = write_report(report(), tmp_path)
    assert [path.name for path in written.files] == [other for other in NAMES if other != name]
    (problem,) = written.problems
    assert str(tmp_path / name) in problem
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.usefixtures("small_pictures")
def test_a_full_disk_leaves_the_old_file_whole(tmp_path, monkeypatch):
    write_report(report(), tmp_path)
    old = (tmp_path / "report.html").read_bytes()

    def full(path, content):
        with path.open("wb") as file:
            file.write(content[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    written = write_report(report(name="another"), tmp_path)
    assert written.files == ()
    assert [problem.endswith("could not be written: No space left on device.") for problem in written.problems] == [
        True
    ] * 3
    assert (tmp_path / "report.html").read_bytes() == old
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(NAMES)


@pytest.mark.usefixtures("small_pictures")
def test_one_who_reads_the_old_file_reads_it_to_its_end(tmp_path):
    write_report(report(), tmp_path)
    with (tmp_path / "report.json").open(encoding="utf-8") as file:
        write_report(report(name="another"), tmp_path)
        assert Report.from_json(file.read()) == report()


@pytest.mark.usefixtures("small_pictures")
def test_names_that_are_no_unicode_are_written(tmp_path):
    written = write_report(report(checkpoint="folder\udcff"), tmp_path)
    assert written.problems == ()
    assert Report.from_json((tmp_path / "report.json").read_text(encoding="utf-8")).checkpoint == "folder\udcff"
