"""The student's file as text: where it is, whether it can be read, and what in it is still a stub."""

from __future__ import annotations

import ast
import io
import os
import re
import tokenize
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

MAX_SOURCE = 2 * 2**20


@dataclass(frozen=True, slots=True)
class Source:
    """One exercise's file of a submission.

    `problem` is a sentence where it cannot be graded at all, `problem_line` the line it is about (0: none),
    `missing` whether there is no file to read;
    `stubs` are the functions still to write, and the entries that are still None of a dict at the top, by names such
    as "ANSWERS[1]"; `lines` says where each of them, and each other name at the top, starts; `imports` are the
    (module, name) pairs that it imports anywhere, the name empty for a plain import.
    """

    path: Path
    shown: str
    problem: str = ""
    problem_line: int = 0
    missing: bool = False
    stubs: frozenset[str] = frozenset()
    lines: dict[str, int] = field(default_factory=dict)
    imports: tuple[tuple[str, str], ...] = ()

    def place(self, need: str) -> str:
        """ "file:line" of a function or an entry, or the file alone."""
        line = self.problem_line or self.lines.get(need) or self.lines.get(need.partition("[")[0], 0)
        return f"{self.shown}:{line}" if line else self.shown

    @staticmethod
    def still_to_do(need: str) -> str:
        """The sentence on a stub."""
        if need.endswith("]"):
            return f"{need} is still to answer; the lesson has the question."
        return f"{need} is still to write; its docstring says what is asked."


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
    bound = _bindings(tree)
    lines = {name: node.lineno for name, node in bound.items()}
    return Source(
        path,
        shown,
        stubs=frozenset((*_stub_functions(bound), *_empty_entries(tree))),
        lines=lines | {name: value.lineno for name, value in _entries(tree)},
        imports=_imports(tree),
    )


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


def _imports(tree: ast.Module) -> tuple[tuple[str, str], ...]:
    found: dict[tuple[str, str], None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update({(alias.name, ""): None for alias in node.names})
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.update({(node.module, alias.name): None for alias in node.names})
    return tuple(found)


def _stub_functions(bound: dict[str, ast.stmt]) -> list[str]:
    return [
        name
        for name, node in bound.items()
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


def _entries(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """The entries that a file gives to dicts at its top, as ("ANSWERS[1]", value): in literals, and one by one."""
    for node in tree.body:
        target, value = _assigned(node)
        if isinstance(target, ast.Name) and isinstance(value, ast.Dict):
            for key, item in zip(value.keys, value.values, strict=True):
                if isinstance(key, ast.Constant):
                    yield f"{target.id}[{key.value!r}]", item
        elif target is not None and value is not None and _entry_of(target):
            yield ast.unparse(target), value


def _assigned(node: ast.stmt) -> tuple[ast.expr | None, ast.expr | None]:
    """Target and value of `target = value`, annotated or not."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        return node.targets[0], node.value
    return (node.target, node.value) if isinstance(node, ast.AnnAssign) else (None, None)


def _entry_of(target: ast.expr | None) -> str:
    """The name of the dict in `ANSWERS[1]`; empty where the target is anything else."""
    match target:
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant()):
            return name
    return ""


def _empty_entries(tree: ast.Module) -> list[str]:
    """The entries that are None for certain: of dicts that a file only writes as a literal and entry by entry.

    What a loop, a function or another name may have changed is known when the file has run.
    """
    touched = Counter(_names(tree))
    for node in tree.body:
        target, value = _assigned(node)
        if isinstance(target, ast.Name) and _is_literal(value):
            touched[target.id] -= 1
        elif value is not None:
            touched[_entry_of(target)] -= 1
    empty = [name for name, value in dict(_entries(tree)).items() if _is_none(value)]
    return [] if touched["*"] else [name for name in empty if not touched[name.partition("[")[0]]]


def _names(tree: ast.Module) -> Iterator[str]:
    """Every name that a file uses, with repetitions, also those in strings, which it may execute."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.alias):
            yield node.asname or node.name
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from re.findall(r"\w+", node.value)


def _is_literal(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Dict) and all(isinstance(key, ast.Constant) for key in value.keys)


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None
