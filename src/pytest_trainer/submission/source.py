"""The student's file as text: where it is, whether it can be read, and which functions are still stubs."""

from __future__ import annotations

import ast
import io
import os
import tokenize
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

MAX_SOURCE = 2 * 2**20


@dataclass(frozen=True, slots=True)
class Source:
    """One exercise's file of a submission.

    `problem` is a sentence where it cannot be graded at all, `problem_line` the line it is about (0: none),
    `missing` whether there is no file to read;
    `stubs` are the functions still to write; `lines` says where each top-level function starts; `imports`
    are the (module, name) pairs that it imports anywhere, the name empty for a plain import.
    """

    path: Path
    shown: str
    problem: str = ""
    problem_line: int = 0
    missing: bool = False
    stubs: frozenset[str] = frozenset()
    lines: dict[str, int] = field(default_factory=dict)
    imports: tuple[tuple[str, str], ...] = ()

    def place(self, function: str) -> str:
        """ "file:line" of a function, or the file alone."""
        line = self.problem_line or self.lines.get(function, 0)
        return f"{self.shown}:{line}" if line else self.shown


def file_name(exercise: str) -> str:
    """The file that an exercise's folder asks for: 02_collation -> collation.py."""
    head, _, tail = exercise.partition("_")
    return f"{tail if head.isdigit() and tail else exercise}.py"


def find(exercise: Path, submission: Path | None, start: Path) -> Source:
    """The student's file for the exercise in folder `exercise`: beside the checks, or in the submission.

    A submission has the same sub-folders, or the bare files. Paths are shown relative to `start`.
    """
    name = file_name(exercise.name)
    places = [exercise / name] if submission is None else [submission / exercise.name / name, submission / name]
    for path in places:
        if path.is_file():
            return read(path, shown_path(path, start))
    wanted = " or ".join(shown_path(place, start) for place in places)
    sentence = f"There is no file {wanted}; put your {name} there."
    return Source(places[0], shown_path(places[0], start), sentence, missing=True)


def shown_path(path: Path, start: Path) -> str:
    """`path` as a person in the folder `start` would type it."""
    try:
        return os.path.relpath(path, start)
    except ValueError:  # another drive
        return str(path)


def read(path: Path, shown: str) -> Source:
    """Read and parse a file; what is wrong with it becomes its `problem`."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        return Source(path, shown, f"{shown} cannot be read: {error.strerror}.")
    if len(raw) > MAX_SOURCE:
        return Source(path, shown, f"{shown} has {len(raw):,} bytes; a solution has a few thousand.")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
        text = raw.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError):
        line = _bad_line(raw)
        return Source(path, shown, f"{shown} is not UTF-8 (line {line}); save it as UTF-8.", line)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text.removeprefix("\ufeff"))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return _not_python(path, shown, error)
    return Source(path, shown, stubs=frozenset(_stubs(tree)), lines=_lines(tree), imports=_imports(tree))


def _bad_line(raw: bytes) -> int:
    """The first line that is not UTF-8; 1 where all of it is."""
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        return raw[: error.start].count(b"\n") + 1
    return 1


def _not_python(path: Path, shown: str, error: BaseException) -> Source:
    if isinstance(error, SyntaxError):
        line = error.lineno or 1
        code = f"\n  {error.text.rstrip()}" if error.text else ""
        return Source(path, shown, f"{shown} is not valid Python: line {line}, {error.msg}.{code}", line)
    return Source(path, shown, f"{shown} is not valid Python: {error}.")


def _bindings(tree: ast.Module) -> dict[str, ast.stmt]:
    """The last top-level statement that binds each name."""
    bound: dict[str, ast.stmt] = {}
    for node in tree.body:
        for part in _in_this_scope(node):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                bound[part.id] = node
            elif isinstance(part, ast.alias):
                bound[(part.asname or part.name).partition(".")[0]] = node
            elif isinstance(part, SCOPES[:3]):
                bound[part.name] = node
    return bound


SCOPES = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)


def _in_this_scope(node: ast.AST) -> Iterator[ast.AST]:
    """A statement and its parts, but for what lies inside functions, classes and comprehensions."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        yield part
        if not isinstance(part, SCOPES):
            waiting += ast.iter_child_nodes(part)


def _lines(tree: ast.Module) -> dict[str, int]:
    return {name: node.lineno for name, node in _bindings(tree).items()}


def _imports(tree: ast.Module) -> tuple[tuple[str, str], ...]:
    found: dict[tuple[str, str], None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update({(alias.name, ""): None for alias in node.names})
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.update({(node.module, alias.name): None for alias in node.names})
    return tuple(found)


def _stubs(tree: ast.Module) -> list[str]:
    return [
        name
        for name, node in _bindings(tree).items()
        if isinstance(node, ast.FunctionDef) and node.name == name and _is_stub(node)
    ]


def _is_stub(function: ast.FunctionDef) -> bool:
    body = function.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    if len(body) != 1 or not isinstance(body[0], ast.Raise):
        return False
    raised = body[0].exc.func if isinstance(body[0].exc, ast.Call) else body[0].exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
