"""The command `pytest-trainer`."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from pytest_trainer.classroom.course import CourseError, course_folder, exercises_of

TARGETS = ("gradescope", "github", "classroom50", "gitlab", "prairielearn")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit status.

    0 where it was done and all is well, 1 where it found problems, 2 where it could not be done, 3 where a grade is
    open because something of ours broke or not all was run.
    """
    given = _parser().parse_args(arguments)
    commands = {"init": _init, "doctor": _doctor, "check-course": _check_course, "report": _report}
    try:
        return commands[given.command](given)
    except CourseError as error:
        print(f"pytest-trainer: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pytest-trainer", description="Learn fine-tuning with graded exercises.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    init = commands.add_parser("init", help="make a fresh course folder to work in")
    init.add_argument("folder", metavar="DIR", type=Path, help="a new or empty folder")
    commands.add_parser("doctor", help="say what will and will not work on this machine, and what to do")
    check = commands.add_parser("check-course", help="check that a course's files, points and solutions fit together")
    check.add_argument("course", metavar="COURSE", type=Path, help="a folder of exercises")
    check.add_argument("--solutions", metavar="DIR", type=Path, help="the answers, which must earn every point")
    check.add_argument("--points", metavar="N", type=int, default=100, help="what the points add up to (default 100)")
    report = commands.add_parser("report", help="a gradebook in the shape that another system reads")
    report.add_argument("gradebook", metavar="GRADEBOOK", type=Path, help="what pytest --gradebook wrote")
    report.add_argument("--to", choices=TARGETS, required=True, help="the system")
    report.add_argument("--out", metavar="FILE", type=Path, help="where to write it (default: standard output)")
    return parser


def _init(given: argparse.Namespace) -> int:
    copied = init_course(given.folder)
    print(f"{copied} exercises are in {given.folder}. Now run:\n\n    pytest {given.folder}")
    return 0


def _doctor(given: argparse.Namespace) -> int:  # noqa: ARG001 - one shape for all commands
    from pytest_trainer.classroom.doctor import examine, report_lines

    findings = examine()
    print("\n".join(report_lines(findings)))
    return int(any(finding.stops_the_course for finding in findings))


def _check_course(given: argparse.Namespace) -> int:
    from pytest_trainer.classroom.course_check import CourseRunError, check_course

    for folder in (given.course, given.solutions):
        if folder is not None and not folder.is_dir():
            raise CourseError(f"{folder} is not a folder.")
    try:
        report = check_course(given.course.resolve(), given.solutions and given.solutions.resolve(), given.points)
    except CourseRunError as error:
        raise CourseError(str(error)) from None
    for problem in report.problems:
        print(problem)
    print(f"{report.summary}; {len(report.problems) or 'no'} problem{'s' * (len(report.problems) != 1)}")
    return int(bool(report.problems))


def _report(given: argparse.Namespace) -> int:
    from pytest_trainer.classroom.report import write_report

    return write_report(given.gradebook, given.to, given.out, os.environ)


def init_course(folder: Path) -> int:
    """Copy the course into a new or empty folder; the number of exercises. Raises `CourseError`."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(f"{folder} exists and is not empty; name a new folder, so that nothing is overwritten.")
    try:
        shutil.copytree(course_folder(), folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    except OSError as error:
        raise CourseError(f"{folder} cannot be written: {error.strerror}.") from None
    return len(exercises_of(folder))
