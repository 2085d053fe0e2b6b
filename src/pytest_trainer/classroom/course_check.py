"""The self-check of a course: do its files, names, points, stubs and solutions fit together?

Read from the files, and from two runs of pytest: on the stubs, where every check must be to do, and on the solutions,
which must earn every point. It knows nothing of this course's own exercises, so it serves a teacher's as well.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_trainer.classroom.course import exercises_of
from pytest_trainer.grading.check import Check, checks_in_source
from pytest_trainer.submission import file_name, find

POINTS = 100
MOST_OBSERVED = 10
BUILT_IN_PROBES = frozenset({"call", "arguments_after"})
PICTURES = (".svg", ".png")


@dataclass(frozen=True, slots=True)
class CourseReport:
    """What the self-check found: `problems`, one sentence each, and `summary`, one line of counts."""

    problems: tuple[str, ...]
    summary: str


def check_course(course: Path, solutions: Path | None, points: int = POINTS) -> CourseReport:
    """Check a course's folder against its solutions, and that its points add up to `points`."""
    folders = exercises_of(course)
    problems = file_problems(course, solutions)
    rows = _graded(course, None) if folders else []
    problems += _about_points(rows, points)
    declared = {f"{folder.name}::{name}" for folder in folders for name, _ in checks_in_source(_tests(folder))}
    problems += [
        f"{row['nodeid']}: the words of its @check must be literals, so that it is a row even where nothing can be run."
        for row in rows
        if f"{row['nodeid'].partition('/')[0]}::{row['name']}" not in declared
    ]
    problems += [
        f"{row['nodeid']}: on the stub it must be todo, and is {row['outcome']}: {_first_line(row)}"
        for row in rows
        if row["outcome"] != "todo"
    ]
    if solutions is not None and rows:
        problems += [
            f"{row['nodeid']}: on the solution it must pass, and is {row['outcome']}: {_first_line(row)}"
            for row in _graded(course, solutions)
            if row["outcome"] != "passed"
        ]
    total = sum(row["max_score"] for row in rows)
    observed = sum(row["max_score"] for row in rows if row["evidence"] == "observation")
    summary = (
        f"{_many(len(folders), 'exercise')}, {_many(len(rows), 'check')}, {total} points, {observed} by observation"
    )
    return CourseReport(tuple(problems), summary)


def file_problems(course: Path, solutions: Path | None) -> list[str]:
    """What can be told without running anything: files, names, signatures, docstrings."""
    folders = exercises_of(course)
    problems = [] if folders else [f"{course} has no exercise: a folder such as 01_tokenization."]
    for folder in folders:
        problems += _about_folder(folder)
        if solutions is not None:
            problems += _about_solution(folder, solutions)
    return problems


# -- files and names --------------------------------------------------------------------------------------------------


def _tests(folder: Path) -> Path:
    return folder / f"test_{file_name(folder.name)}"


def _about_folder(folder: Path) -> Iterator[str]:
    stub = file_name(folder.name)
    tests, probes = _tests(folder), folder / "probes.py"
    lesson = folder / "README.md"
    for path in (lesson, folder / stub, tests):
        if not path.is_file():
            yield f"{folder.name} lacks {path.name}."
    lesson_text = lesson.read_text(encoding="utf-8") if lesson.is_file() else ""
    if lesson_text and not lesson_text.startswith(f"# {folder.name[:2]} "):
        yield f"{folder.name}/README.md must open with a title such as '# {folder.name[:2]} Name: what is learnt'."
    known = {"README.md", stub, tests.name, "probes.py"}
    shown = set(re.findall(r"\]\(([\w.-]+)\)", lesson_text))
    for path in sorted(folder.iterdir()):
        if path.name in known or path.name.startswith(".") or path.name == "__pycache__":
            continue
        if not (path.suffix in PICTURES and path.name in shown):
            yield f"{folder.name}/{path.name} is stray: no lesson, stub, checks, probes or picture of the lesson."
    if tests.is_file():
        yield from _about_checks(tests, folder / stub, probes)


def _about_checks(tests: Path, stub: Path, probes: Path) -> Iterator[str]:
    where = f"{tests.parent.name}/{tests.name}"
    try:
        tree = ast.parse(tests.read_bytes())
    except SyntaxError as error:
        yield f"{where}: {error}"
        return
    declared = checks_in_source(tests)
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    for name, count in Counter(names).items():
        if count > 1:
            yield f"{where}: there are {count} functions {name}; only the last one counts."
    checks = dict(declared)
    source = find(stub.parent, None, stub.parent)
    for name, check in declared:
        if not check.hint:
            yield f"{where}: {name} has no hint."
        if check.after is not None and not _ends(name, checks):
            yield f"{where}: {name} waits on {check.after!r}, which is no check of this file, or waits on it in turn."
        for need in check.needs:
            if not source.problem and need not in source.stubs:
                yield f"{where}: {name} needs {need!r}, which is no stub of {stub.name}."
    yield from _about_probes(tree, where, probes)


def _ends(name: str, checks: Mapping[str, Check]) -> bool:
    """Whether following `after` from a check comes to an end."""
    seen = {name}
    after = checks[name].after
    while after is not None:
        if after in seen or after not in checks:
            return False
        seen.add(after)
        after = checks[after].after
    return True


def _about_probes(tests: ast.Module, where: str, probes: Path) -> Iterator[str]:
    asked = _probes_asked(tests)
    body = ast.parse(probes.read_bytes()).body if probes.is_file() else []
    functions = {node.name: node for node in body if isinstance(node, ast.FunctionDef)}
    for name in sorted(asked - functions.keys() - BUILT_IN_PROBES):
        yield f"{where}: the probe {name!r} is not in probes.py."
    words = {node.value for node in ast.walk(tests) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    used = {node.id for statement in body for node in ast.walk(statement) if isinstance(node, ast.Name)}
    for name, node in functions.items():
        takes_student = bool(node.args.args) and node.args.args[0].arg == "student"
        if takes_student and name not in words and name not in used:
            yield f"{probes.parent.name}/probes.py: no check asks for the probe {name!r}."


def _probes_asked(tests: ast.Module) -> set[str]:
    calls = [node for node in ast.walk(tests) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "probe"
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


# -- stub and solution ------------------------------------------------------------------------------------------------


def _about_solution(folder: Path, solutions: Path) -> Iterator[str]:
    name = file_name(folder.name)
    stub, solution = folder / name, solutions / folder.name / name
    if not solution.is_file():
        yield f"{folder.name}: there is no solution {solutions.name}/{folder.name}/{name}."
        return
    if not stub.is_file():
        return
    try:
        asked, answered = (ast.parse(path.read_bytes()) for path in (stub, solution))
    except SyntaxError as error:
        yield f"{folder.name}: {error}"
        return
    theirs = _interface(answered)
    for function, parts in _interface(asked).items():
        what = f"{folder.name}/{name}: {function or 'the file'}"
        if function not in theirs:
            yield f"{what} is in the stub and not in the solution."
            continue
        for part, value in parts.items():
            if theirs[function][part] != value:
                yield f"{what} has another {part} in the solution than in the stub."


def _interface(tree: ast.Module) -> dict[str, dict[str, str | None]]:
    """Signature and docstring of each top-level function and class; the file's own under an empty name."""
    found: dict[str, dict[str, str | None]] = {"": {"docstring": ast.get_docstring(tree)}}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            returns = ast.unparse(node.returns) if node.returns else ""
            signature = f"({ast.unparse(node.args)}) -> {returns}"
            found[node.name] = {"signature": signature, "docstring": ast.get_docstring(node)}
        elif isinstance(node, ast.ClassDef):
            found[node.name] = {"docstring": ast.get_docstring(node)}
    return found


# -- points and runs --------------------------------------------------------------------------------------------------


def _about_points(rows: Iterable[Mapping[str, Any]], points: int) -> Iterator[str]:
    rows = list(rows)
    total = sum(row["max_score"] for row in rows)
    if total != points:
        yield f"The points add up to {total}, wanted {points}."
    observed = [row for row in rows if row["evidence"] == "observation"]
    most = points * MOST_OBSERVED // 100
    if sum(row["max_score"] for row in observed) > most:
        yield (
            f"Checks by observation carry {sum(row['max_score'] for row in observed)} points, at most {most} may be: "
            f"{', '.join(row['nodeid'] for row in observed)}."
        )


def _graded(course: Path, solutions: Path | None) -> list[dict[str, Any]]:
    """The rows of the gradebook of a run over the course, in an interpreter of its own."""
    with tempfile.TemporaryDirectory() as folder:
        gradebook = Path(folder) / "gradebook.json"
        command = [
            sys.executable,
            "-m",
            "pytest",
            str(course),
            "-q",
            "-p",
            "no:cacheprovider",
            f"--gradebook={gradebook}",
        ]
        if solutions is not None:
            command.append(f"--submission={solutions}")
        ended = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        if not gradebook.is_file():
            last = (ended.stderr.strip() or ended.stdout.strip()).splitlines()[-3:]
            raise CourseRunError("\n".join(["pytest did not come to grade it:", *last]))
        book = json.loads(gradebook.read_text(encoding="utf-8"))
    return [row for exercise in book["exercises"] for row in exercise["checks"]]


class CourseRunError(Exception):
    """pytest wrote no gradebook; its last lines."""


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _first_line(row: Mapping[str, Any]) -> str:
    return (str(row["message"]).splitlines() or [""])[0]
