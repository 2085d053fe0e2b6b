"""Where a course is, and which folders of it are exercises."""

from __future__ import annotations

from pathlib import Path

import pytest_trainer


class CourseError(Exception):
    """A command that cannot be carried out; one sentence."""


def course_folder() -> Path:
    """The course: in the installed package, or beside `src/` in a checkout of the project."""
    package = Path(pytest_trainer.__file__).parent
    for place in (package / "course", package.parent.parent / "exercises"):
        if place.is_dir():
            return place
    raise CourseError("this installation has no course in it; install pytest-trainer again.")


def exercises_of(course: Path) -> list[Path]:
    """The folders of its exercises, in the order of the lessons."""
    return sorted(path for path in course.iterdir() if path.is_dir() and path.name[:1].isdigit())
