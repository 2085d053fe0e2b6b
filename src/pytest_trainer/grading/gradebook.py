"""The gradebook: one row for every check that was collected, whatever became of it; pure data, and its JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pytest_trainer.grading.check import Evidence
from pytest_trainer.grading.outcome import Outcome

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Planned:
    """A check as it was collected, before anything was deselected; plain values, so that it can travel.

    `nodeid` is pytest's, which depends on where pytest was started; `file` is "folder/test file", which does not.
    """

    nodeid: str
    file: str
    name: str
    exercise: str
    title: str
    points: int
    evidence: Evidence
    hint: str
    place: str = ""
    outcome: Outcome = Outcome.NOT_RUN
    message: str = ""

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> Planned:
        """The inverse of `dataclasses.asdict`."""
        return cls(**{**values, "outcome": Outcome(values["outcome"])})


@dataclass(frozen=True, slots=True)
class Row:
    """One check's line in the gradebook. `duration` is in seconds; `place` and `output` stay out of the JSON."""

    name: str
    nodeid: str
    outcome: Outcome
    score: int
    max_score: int
    evidence: Evidence
    message: str
    hint: str
    diagnosis: str
    duration: float
    place: str = ""
    output: str = ""


@dataclass(frozen=True, slots=True)
class Exercise:
    """One folder of the course with its rows, in the order of its file."""

    name: str
    title: str
    checks: tuple[Row, ...]

    @property
    def score(self) -> int:
        """Points earned."""
        return sum(row.score for row in self.checks)

    @property
    def max_score(self) -> int:
        """Points that could be earned."""
        return sum(row.max_score for row in self.checks)

    def count(self, *outcomes: Outcome) -> int:
        """How many of its checks ended so."""
        return sum(row.outcome in outcomes for row in self.checks)


@dataclass(frozen=True, slots=True)
class Gradebook:
    """A submission's grade: what ran where, with which versions, and every check."""

    submission: str
    seed: int
    world: str
    isolation: str
    versions: Mapping[str, str]
    exercises: tuple[Exercise, ...]

    @property
    def score(self) -> int:
        """Points earned."""
        return sum(exercise.score for exercise in self.exercises)

    @property
    def max_score(self) -> int:
        """Points that could be earned."""
        return sum(exercise.max_score for exercise in self.exercises)

    @property
    def rows(self) -> list[Row]:
        """Every check, in the order of the course."""
        return [row for exercise in self.exercises for row in exercise.checks]

    def to_json(self) -> str:
        """The gradebook as JSON, schema 1, ending in a newline."""
        return json.dumps(self._plain(), indent=2, ensure_ascii=False) + "\n"

    def _plain(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "submission": self.submission,
            "score": self.score,
            "max_score": self.max_score,
            "seed": self.seed,
            "world": self.world,
            "isolation": self.isolation,
            "versions": dict(self.versions),
            "exercises": [
                {
                    "name": exercise.name,
                    "title": exercise.title,
                    "score": exercise.score,
                    "max_score": exercise.max_score,
                    "checks": [_plain_row(row) for row in exercise.checks],
                }
                for exercise in self.exercises
            ],
        }


def _plain_row(row: Row) -> dict[str, Any]:
    plain = asdict(row)
    del plain["place"], plain["output"]
    plain["outcome"] = row.outcome.value
    plain["duration"] = round(row.duration, 3)
    return plain


def build_gradebook(planned: Iterable[Planned], verdicts: Mapping[str, Mapping[str, Any]], **about: Any) -> Gradebook:
    """Join what was collected with what was reported; a check without a report keeps its row.

    Args:
        planned: every check collected.
        verdicts: by node id, the fields of a `Verdict` and "duration" in seconds, as plain values.
        about: the other fields of `Gradebook`.
    """
    by_exercise: dict[str, list[Planned]] = {}
    for check in planned:
        by_exercise.setdefault(check.exercise, []).append(check)
    exercises = tuple(
        Exercise(name, checks[0].title, tuple(_row(check, verdicts.get(check.nodeid)) for check in checks))
        for name, checks in sorted(by_exercise.items())
    )
    return Gradebook(exercises=exercises, **about)


def _row(check: Planned, verdict: Mapping[str, Any] | None) -> Row:
    verdict = verdict or {"outcome": check.outcome, "message": check.message}
    outcome = Outcome(verdict["outcome"])
    return Row(
        name=check.name,
        nodeid=f"{check.file}::{check.name}",
        outcome=outcome,
        score=check.points if outcome is Outcome.PASSED else 0,
        max_score=check.points,
        evidence=check.evidence,
        message=verdict.get("message", ""),
        hint=check.hint,
        diagnosis=verdict.get("diagnosis", ""),
        duration=float(verdict.get("duration", 0.0)),
        place=verdict.get("place", "") or check.place,
        output=verdict.get("output", ""),
    )


def unfinished(rows: Sequence[Row]) -> list[Row]:
    """The rows that still want work of the student's, in order."""
    done = (Outcome.PASSED, Outcome.NOT_RUN)
    return [row for row in rows if row.outcome not in done]
