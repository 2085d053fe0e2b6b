"""The files of a report, each whole or the old one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from pytest_trainer.full_run.curves import curves_png
from pytest_trainer.full_run.folders import write_whole
from pytest_trainer.full_run.page import page_html
from pytest_trainer.full_run.report import Report


class Written(NamedTuple):
    """The files that were written, and a sentence for each that could not be."""

    files: tuple[Path, ...]
    problems: tuple[str, ...]


def write_report(report: Report, folder: Path) -> Written:
    """Write report.json, curves.png and report.html into a folder, which is made where there is none.

    Each is written under a temporary name and renamed, so that a file is whole or the old one; one that cannot be
    written leaves the others.
    """
    makers: dict[str, Callable[[], bytes]] = {
        "report.json": lambda: report.to_json().encode("utf-8", "backslashreplace"),
        "curves.png": lambda: curves_png(report),
        "report.html": lambda: page_html(report).encode("utf-8", "replace"),
    }
    files, problems = [], []
    for name, make in makers.items():
        path = folder / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, make())
            files.append(path)
        except OSError as error:
            problems.append(f"{path} could not be written: {error.strerror or error}.")
    return Written(tuple(files), tuple(problems))
