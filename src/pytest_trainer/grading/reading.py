"""The gradebook read back from its JSON: complete and in itself consistent, or refused with what is wrong."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any, NoReturn, cast

from pytest_trainer.grading.check import Evidence
from pytest_trainer.grading.gradebook import SCHEMA, Exercise, Gradebook, Row
from pytest_trainer.grading.outcome import Outcome

MOST_POINTS = 10**6
MOST_SECONDS = 1e9


class UnreadableGradebook(Exception):
    """The end of a sentence about the file: what is wrong with it. It repeats no text out of the file."""


def read_gradebook(data: bytes) -> Gradebook:
    """The inverse of `Gradebook.to_json`, but for places and output, which are not in the JSON.

    Raises `UnreadableGradebook` where it is no JSON, of another schema, lacks something, or does not add up.
    """
    try:
        plain = json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise UnreadableGradebook("is no JSON; it may have been cut off while it was written") from None
    if not isinstance(plain, dict) or "schema" not in plain:
        raise UnreadableGradebook("is no gradebook; `pytest --gradebook FILE` writes one")
    if type(plain["schema"]) is not int or plain["schema"] != SCHEMA:
        raise UnreadableGradebook(f"has another schema than {SCHEMA}; use the version of pytest-trainer that wrote it")
    return _book(_Part("", plain))


def _no_number(_: str) -> NoReturn:
    raise ValueError


@dataclass(frozen=True, slots=True)
class _Part:
    """One object of the JSON and the path to it; each method takes one of its values, or refuses it."""

    path: str
    values: dict[str, Any]

    def text(self, key: str) -> str:
        value = self._value(key)
        if not isinstance(value, str):
            self.refuse(key, "is no text")
        return value

    def points(self, key: str) -> int:
        value = self._value(key)
        if type(value) is not int or not 0 <= value <= MOST_POINTS:
            self.refuse(key, "is no whole number of points")
        return value

    def whole(self, key: str) -> int:
        value = self._value(key)
        if type(value) is not int:
            self.refuse(key, "is no whole number")
        return value

    def seconds(self, key: str) -> float:
        value = self._value(key)
        if type(value) not in (int, float) or not math.isfinite(value) or not 0 <= value <= MOST_SECONDS:
            self.refuse(key, "is no number of seconds")
        return float(value)

    def texts(self, key: str) -> dict[str, str]:
        value = self._value(key)
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            self.refuse(key, "is no object of texts")
        return value

    def parts(self, key: str) -> list[_Part]:
        value = self._value(key)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.refuse(key, "is no list of objects")
        return [_Part(f"{self.path}{key}[{i}].", item) for i, item in enumerate(value)]

    def adds_up(self, key: str, total: int) -> None:
        if self.points(key) != total:
            self.refuse(key, "is not the sum of its checks")

    def refuse(self, key: str, why: str) -> NoReturn:
        raise UnreadableGradebook(f"is damaged: {self.path}{key} {why}")

    def _value(self, key: str) -> Any:
        if key not in self.values:
            self.refuse(key, "is missing")
        return self.values[key]


def _book(part: _Part) -> Gradebook:
    book = Gradebook(
        submission=part.text("submission"),
        seed=part.whole("seed"),
        world=part.text("world"),
        isolation=part.text("isolation"),
        versions=part.texts("versions"),
        exercises=tuple(_exercise(exercise) for exercise in part.parts("exercises")),
    )
    part.adds_up("score", book.score)
    part.adds_up("max_score", book.max_score)
    return book


def _exercise(part: _Part) -> Exercise:
    exercise = Exercise(part.text("name"), part.text("title"), tuple(_row(row) for row in part.parts("checks")))
    part.adds_up("score", exercise.score)
    part.adds_up("max_score", exercise.max_score)
    return exercise


def _row(part: _Part) -> Row:
    if part.text("outcome") not in list(Outcome):
        part.refuse("outcome", "is no outcome")
    if part.text("evidence") not in ("result", "observation"):
        part.refuse("evidence", "is neither result nor observation")
    row = Row(
        name=part.text("name"),
        nodeid=part.text("nodeid"),
        outcome=Outcome(part.text("outcome")),
        score=part.points("score"),
        max_score=part.points("max_score"),
        evidence=cast("Evidence", part.text("evidence")),
        message=part.text("message"),
        hint=part.text("hint"),
        diagnosis=part.text("diagnosis"),
        duration=part.seconds("duration"),
    )
    if row.score != (row.max_score if row.outcome is Outcome.PASSED else 0):
        part.refuse("score", "does not fit its outcome")
    return row
