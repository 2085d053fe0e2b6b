"""Little courses as values: exercises that need no torch, written into a folder and graded by a real pytest."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

STUB = '''\
"""Add two numbers."""


def add(a, b):
    """The sum of a and b."""
    raise NotImplementedError
'''
RIGHT = "def add(a, b):\n    return a + b\n"
WRONG = "def add(a, b):\n    return a - b\n"

HEAD = """\
from pytest_trainer import check, expect, given


def small_numbers():
    from hypothesis import strategies

    return strategies.integers(-99, 99)
"""
ONE_SUM = """

@check(points=3, needs="add", hint="Plus, not minus.")
def test_adds_one_and_two(submission):
    expect.close(submission.call("add", 1, 2, limit=1), 3, "add(1, 2)", within=0)
"""
ANY_SUM = """

@check(points=2, needs="add", hint="Any two numbers, the negative ones too.")
@given(a=small_numbers, b=small_numbers)
def test_adds_any_two_numbers(submission, a, b):
    expect.close(submission.call("add", a, b, limit=1), a + b, "the sum", within=0)
"""
ZERO_SUM = """

@check(points=1, needs="add", hint="Zero changes nothing.", after="test_adds_one_and_two")
def test_adding_zero_changes_nothing(submission):
    expect.close(submission.call("add", 5, 0), 5, "add(5, 0)", within=0)
"""
CHECKS = HEAD + ONE_SUM + ANY_SUM


@dataclass(frozen=True)
class Exercise:
    """One folder of a course: `answer` is what stands in the student's file, None where there is no file."""

    name: str
    answer: str | bytes | None = STUB
    checks: str = CHECKS
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def file(self) -> str:
        return f"{self.name.partition('_')[2]}.py"

    @property
    def test_file(self) -> str:
        return f"test_{self.file}"

    def write(self, exercises: Path) -> None:
        folder = exercises / self.name
        folder.mkdir(parents=True)
        texts = {"README.md": f"# Lesson {self.name}\n", self.test_file: self.checks, **self.files}
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        write_answer(folder / self.file, self.answer)


def write_answer(file: Path, answer: str | bytes | None) -> None:
    """Put an answer where the student's file is."""
    if answer is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(answer.encode() if isinstance(answer, str) else answer)


def write_course(folder: Path, *exercises: Exercise) -> Path:
    """A course as `pytest-trainer init` leaves it; the path of its exercises."""
    (folder / "exercises").mkdir()
    (folder / "exercises" / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\n")
    for exercise in exercises:
        exercise.write(folder / "exercises")
    return folder / "exercises"


@dataclass(frozen=True)
class Run:
    """A run of pytest that ended."""

    status: int
    text: str
    errors: str
    gradebook: Path

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def matcher(self) -> pytest.LineMatcher:
        """pytester's matcher of its lines."""
        return pytest.RunResult(self.status, self.lines, self.errors.splitlines(), 0.0).stdout

    @cached_property
    def book(self) -> dict[str, Any]:
        book: dict[str, Any] = json.loads(self.gradebook.read_text(encoding="utf-8"))
        return book

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        """The gradebook's rows by "folder::check"."""
        return {
            f"{exercise['name']}::{row['name']}": row
            for exercise in self.book["exercises"]
            for row in exercise["checks"]
        }

    @property
    def outcomes(self) -> dict[str, str]:
        return {name: row["outcome"] for name, row in self.rows.items()}

    @property
    def summary(self) -> list[str]:
        """The lines of ours at the end, from the first bar on."""
        ends = [i for i, line in enumerate(self.lines) if line.endswith("[100%]")]
        return self.lines[ends[-1] + 1 : -1] if ends else self.lines

    def is_clean(self) -> bool:
        """Whether it ended without a traceback of pytest's or of ours."""
        return "INTERNALERROR" not in self.text + self.errors and "Traceback" not in self.text + self.errors


def run_pytest(folder: Path, *arguments: str, **environment: str) -> Run:
    """Run pytest in `folder`, as a student would, and read the gradebook that it wrote."""
    gradebook = folder / "gradebook.json"
    gradebook.unlink(missing_ok=True)
    if "--gradebook" not in arguments:
        arguments = (*arguments, "--gradebook", str(gradebook))
    ended = run_command(folder, sys.executable, "-m", "pytest", *arguments, **environment)
    return Run(ended.returncode, ended.stdout, ended.stderr, gradebook)


def run_command(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in `folder`, in an environment without pytest's variables and with pytest-randomly off."""
    return subprocess.run(
        command,
        cwd=folder,
        env=plain_environment() | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="backslashreplace",
        timeout=120,
        check=False,
    )


def plain_environment() -> dict[str, str]:
    """Ours, but for what would change the runs under test.

    Bytecode is written, because pytest would otherwise rewrite the assertions of every plugin at each start; and
    anyio's plugin, which takes a fifth of that start, is off.
    """
    left_out = ("PYTHONDONTWRITEBYTECODE", "COLUMNS", "NO_COLOR", "FORCE_COLOR", "PY_COLORS")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    kept = {name: value for name, value in kept.items() if not name.startswith("PYTEST_")}
    return kept | {"PYTEST_ADDOPTS": "-p no:randomly -p no:anyio", "PYTHONIOENCODING": "utf-8", "OMP_NUM_THREADS": "1"}


def without_durations(book: dict[str, Any]) -> dict[str, Any]:
    """A gradebook without what may differ between two equal runs."""
    exercises = [
        {**exercise, "checks": [{**row, "duration": 0.0} for row in exercise["checks"]]}
        for exercise in book["exercises"]
    ]
    return {**book, "exercises": exercises}
