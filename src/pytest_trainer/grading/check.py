"""The `@check` mark: what a graded test is worth, what it needs, and the hint it gives."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

if TYPE_CHECKING:
    import pytest

Evidence = Literal["result", "observation"]

CHECK_MARK = "trainer_check"
WORDS = ("points", "needs", "hint", "evidence", "after", "full_run")


class CheckWordError(ValueError):
    """A `@check` that cannot be understood; its text is one sentence for the check's author."""


@dataclass(frozen=True, slots=True)
class Check:
    """One graded test.

    `needs` are the student's functions without which it is `todo`; `after` names a check of the same file
    on which this one waits; `full_run` checks need `-m gpu` and carry no points; `evidence` is
    "result" where the grader recomputes what it judges, "observation" where only a probe can see it.
    """

    points: int
    needs: tuple[str, ...]
    hint: str = ""
    evidence: Evidence = "result"
    after: str | None = None
    full_run: bool = False


def check(**words: Any) -> pytest.MarkDecorator:
    """Mark a test as a graded check: `@check(points=4, needs="collate", hint="...")`.

    Args:
        points: whole points for passing it, at least 1; full runs carry none.
        needs: the student's function that it calls, or several of them.
        hint: one or two sentences to a student whose answer was wrong.
        evidence: "result" (default) or "observation".
        after: the name of a check in the same file; where that one failed, this one waits.
        full_run: True for a check of a real training run, selected by `-m gpu`.

    A word that is misspelt, or a value of the wrong type, is a usage error at collection.
    """
    import pytest

    return cast("pytest.MarkDecorator", getattr(pytest.mark, CHECK_MARK)(**words))


def parse_check(words: Mapping[str, object], nodeid: str) -> Check:
    """Read the words of a mark into a `Check`; raises `CheckWordError` with one sentence."""
    for word in words:
        if word not in WORDS:
            raise CheckWordError(f"{nodeid}: @check has no word {word!r}; it knows {', '.join(WORDS)}.")

    def refuse(word: str, wanted: str) -> CheckWordError:
        return CheckWordError(f"{nodeid}: @check({word}=...) is {wanted}, not {words.get(word)!r}.")

    full_run = words.get("full_run", False)
    if not isinstance(full_run, bool):
        raise refuse("full_run", "True or False")
    points = words.get("points", 0 if full_run else None)
    if not isinstance(points, int) or isinstance(points, bool) or points < (0 if full_run else 1):
        raise refuse("points", "a whole number of at least 1")
    if full_run and points:
        raise refuse("points", "left out of a full run, which carries no points")
    needs = (words["needs"],) if isinstance(words.get("needs"), str) else words.get("needs")
    if not isinstance(needs, (tuple, list)) or not needs or not all(isinstance(n, str) for n in needs):
        raise refuse("needs", "the name of a function of the student's, or a tuple of names")
    hint = words.get("hint", "")
    if not isinstance(hint, str):
        raise refuse("hint", "a sentence")
    evidence = words.get("evidence", "result")
    if evidence not in ("result", "observation"):
        raise refuse("evidence", "'result' or 'observation'")
    after = words.get("after")
    if after is not None and not isinstance(after, str):
        raise refuse("after", "the name of a check in the same file")
    return Check(points, tuple(needs), hint, evidence, after, full_run)


def checks_in_source(path: Path) -> list[tuple[str, Check]]:
    """The checks that a file declares, read without importing it; none where it is not valid Python.

    For the files that could not be imported and the workers that died: their checks are rows all the same.
    """
    try:
        body = ast.parse(path.read_bytes()).body
    except (OSError, SyntaxError, ValueError):
        return []
    found, constants = [], _constants(body)
    for node in body:
        if isinstance(node, ast.FunctionDef):
            for words in _literal_words(node.decorator_list, constants):
                try:
                    found.append((node.name, parse_check(words, f"{path.name}::{node.name}")))
                except CheckWordError:
                    continue
    return found


def _constants(body: Iterable[ast.stmt]) -> dict[str, object]:
    """The names that a file gives to literals at its top."""
    constants: dict[str, object] = {}
    for node in body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            with contextlib.suppress(ValueError):
                constants[node.targets[0].id] = ast.literal_eval(node.value)
    return constants


def _literal_words(decorators: Iterable[ast.expr], constants: Mapping[str, object]) -> Iterable[dict[str, object]]:
    for call in decorators:
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "check":
            with contextlib.suppress(ValueError):
                yield {word.arg: _value(word.value, constants) for word in call.keywords if word.arg}


def _value(node: ast.expr, constants: Mapping[str, object]) -> object:
    if isinstance(node, ast.Name) and node.id in constants:
        return constants[node.id]
    return ast.literal_eval(node)
