"""`pytest-trainer report`: reads a gradebook, and writes where the other system looks for its report."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from pytest_trainer.classroom.course import CourseError
from pytest_trainer.classroom.reports import classroom50, github, gitlab, gradescope, prairielearn
from pytest_trainer.classroom.reports.classroom50 import NotInClassroom
from pytest_trainer.classroom.reports.texts import NoGrade, TooLong, no_grade
from pytest_trainer.grading.gradebook import Gradebook
from pytest_trainer.grading.reading import UnreadableGradebook, read_gradebook
from pytest_trainer.submission import file_name

EXIT_OPEN = 3


def write_report(gradebook: Path, target: str, out: Path | None, environment: Mapping[str, str]) -> int:
    """Write the report; 0, or 3 where points are open. Raises `CourseError` where it cannot be written.

    Where there is no report, an old one is removed from `out`, so that nobody takes it for this submission's.
    """
    if out is not None and _is_same(out, gradebook):
        raise CourseError(f"--out {out} is the gradebook itself; name another file.")
    try:
        book = _read(gradebook)
        if target == "github":
            _to_github(book, out, environment)
        else:
            _write(_report(target, book, environment), out)
    except NoGrade:
        _remove(out)
    except CourseError:
        _remove(out)
        raise
    why = no_grade(book)
    if why:
        print(f"pytest-trainer: {why}; so there is no grade, and no zero.", file=sys.stderr)
    return EXIT_OPEN if why else 0


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _remove(out: Path | None) -> None:
    """Only a plain file: never a link, a device or a pipe."""
    try:
        if out is not None and out.is_file() and not out.is_symlink():
            out.unlink()
    except OSError as error:
        raise CourseError(f"{out} is of an older run and cannot be removed: {error.strerror}.") from None


def _read(path: Path) -> Gradebook:
    try:
        return read_gradebook(path.read_bytes())
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}.") from None
    except UnreadableGradebook as error:
        raise CourseError(f"{path} {error}.") from None


def _report(target: str, book: Gradebook, environment: Mapping[str, str]) -> str:
    reports: dict[str, Callable[[], str]] = {
        "gradescope": lambda: gradescope.results(book),
        "classroom50": lambda: classroom50.result(book, environment, datetime.now(UTC)),
        "gitlab": lambda: gitlab.junit(book),
        "prairielearn": lambda: prairielearn.results(book),
    }
    try:
        return reports[target]()
    except (NotInClassroom, TooLong) as error:
        raise CourseError(str(error)) from None


def _to_github(book: Gradebook, out: Path | None, environment: Mapping[str, str]) -> None:
    """The step summary to `out`, else to the end of $GITHUB_STEP_SUMMARY; the log to standard output."""
    given = environment.get("GITHUB_STEP_SUMMARY")
    shared = Path(given) if given and out is None else None
    taken = _size(shared) if shared is not None else 0
    try:
        summary = github.step_summary(book, max(0, github.SUMMARY_BYTES - taken))
    except TooLong as error:
        raise CourseError(str(error)) from None
    _write(summary, shared or out, append=shared is not None)
    root = Path(environment.get("GITHUB_WORKSPACE") or ".")
    _write(github.log(book, secrets.token_hex(16), student_files(book, root)), None)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def student_files(book: Gradebook, root: Path) -> dict[str, str]:
    """By exercise, the student's file as a path in the repository at `root`, where it is in a usual place."""
    found = {}
    for exercise in book.exercises:
        file = file_name(exercise.name)
        places = (f"{book.submission}/{exercise.name}/{file}", f"{exercise.name}/{file}", file)
        here = [place for place in places if (root / place).is_file()]
        if here:
            found[exercise.name] = here[0]
    return found


def _write(text: str, out: Path | None, *, append: bool = False) -> None:
    """UTF-8 with plain newlines, whatever the locale."""
    data = text.encode("utf-8")
    if out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        with out.open("ab" if append else "wb") as file:
            file.write(data)
    except OSError as error:
        raise CourseError(f"{out} cannot be written: {error.strerror}.") from None
