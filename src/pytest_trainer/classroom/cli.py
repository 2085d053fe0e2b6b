"""The command `pytest-trainer`."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest_trainer


class CourseError(Exception):
    """A command that cannot be carried out; one sentence."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 where it was done, 2 where it could not be."""
    parser = argparse.ArgumentParser(prog="pytest-trainer", description="Learn fine-tuning with graded exercises.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    init = commands.add_parser("init", help="make a fresh course folder to work in")
    init.add_argument("folder", metavar="DIR", type=Path, help="a new or empty folder")
    given = parser.parse_args(arguments)
    try:
        copied = init_course(given.folder)
    except CourseError as error:
        print(f"pytest-trainer: {error}", file=sys.stderr)
        return 2
    print(f"{copied} exercises are in {given.folder}. Now run:\n\n    pytest {given.folder}")
    return 0


def init_course(folder: Path) -> int:
    """Copy the course into a new or empty folder; the number of exercises. Raises `CourseError`."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(f"{folder} exists and is not empty; name a new folder, so that nothing is overwritten.")
    try:
        shutil.copytree(course_folder(), folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    except OSError as error:
        raise CourseError(f"{folder} cannot be written: {error.strerror}.") from None
    return sum(path.is_dir() and path.name[0].isdigit() for path in folder.iterdir())


def course_folder() -> Path:
    """The course: in the installed package, or beside `src/` in a checkout of the project."""
    package = Path(pytest_trainer.__file__).parent
    for place in (package / "course", package.parent.parent / "exercises"):
        if place.is_dir():
            return place
    raise CourseError("this installation has no course in it; install pytest-trainer again.")
