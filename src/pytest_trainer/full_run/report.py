"""The report of a full run as plain data: what its trainings recorded and what the grader found in their models."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from pytest_trainer.full_run.events import Event, last_number, number, of_kind
from pytest_trainer.reference import metrics

if TYPE_CHECKING:
    from numpy.typing import NDArray

SCHEMA = 1
MOST_WRONG = 20


@dataclass(frozen=True, slots=True)
class Scores:
    """Accuracy and F1 of class 1, from 0 to 1."""

    accuracy: float
    f1: float


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a run has to reach, F1 only where there is a number for it, and one sentence that says why."""

    accuracy: float
    f1: float | None
    why: str

    def reached(self, scores: Scores) -> bool:
        """Whether what is asked for is reached."""
        return scores.accuracy >= self.accuracy and (self.f1 is None or scores.f1 >= self.f1)


@dataclass(frozen=True, slots=True)
class Device:
    """Where it trained: "cuda" or "cpu", the device's own name, and in how many processes."""

    kind: str
    name: str
    processes: int = 1


@dataclass(frozen=True, slots=True)
class WrongPair:
    """A pair with its label (0 or 1), the other class that the model chose, and the softmax probability of that."""

    sentence1: str
    sentence2: str
    label: int
    predicted: int
    probability: float | None


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What the grader's own evaluation of a saved model says.

    `confusion` has a row for each label and a column for each prediction; `wrong` begins with the pair in whose
    wrong class the model is most confident.
    """

    scores: Scores
    confusion: tuple[tuple[int, int], tuple[int, int]]
    wrong: tuple[WrongPair, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """One training. Time in seconds, memory in bytes; `evaluated` is None where no model came of it.

    `tokens_per_second` counts real tokens, not padding, over the whole training with its evaluations.
    """

    seed: int
    resumed_at: tuple[int, ...]
    steps: int
    seconds: float | None
    tokens_per_second: float | None
    peak_memory: int | None
    log: tuple[Event, ...]
    evaluations: tuple[Event, ...]
    evaluated: Evaluated | None

    @property
    def scores(self) -> Scores | None:
        """The grader's accuracy and F1."""
        return self.evaluated.scores if self.evaluated else None


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and sample standard deviation (divisor n - 1) of n numbers; None where there are too few for it."""

    mean: float | None
    sd: float | None
    n: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """The spread of these numbers."""
        mean = statistics.fmean(values) if values else None
        return cls(mean, statistics.stdev(values) if len(values) > 1 else None, len(values))


@dataclass(frozen=True, slots=True)
class Report:
    """A full run: what ran where, what it is held against, and a `Run` for each seed."""

    name: str
    exercise: str
    submission: str
    checkpoint: str
    data: str
    seed: int
    device: Device
    versions: Mapping[str, str]
    arguments: Mapping[str, Any]
    threshold: Threshold
    baseline: Scores
    course: Scores
    runs: tuple[Run, ...]

    @property
    def scores(self) -> list[Scores]:
        """Those of the runs that left a model."""
        return [run.scores for run in self.runs if run.scores]

    @property
    def accuracy(self) -> Spread:
        """Over the runs that left a model."""
        return Spread.of([scores.accuracy for scores in self.scores])

    @property
    def f1(self) -> Spread:
        """Over the runs that left a model."""
        return Spread.of([scores.f1 for scores in self.scores])

    def to_json(self) -> str:
        """The report as JSON, schema 1, ending in a newline."""
        return json.dumps(_finite(_plain_report(self)), indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Report:
        """Read what `to_json` wrote.

        Raises ValueError, with a sentence, where this is another schema or no report.
        """
        plain = json.loads(text)
        schema = plain.get("schema") if isinstance(plain, dict) else None
        if schema != SCHEMA:
            raise ValueError(
                f"This is no report that can be read here: its schema is {schema!r}, and this version of "
                f"pytest-trainer reads schema {SCHEMA}. Make it anew, or read it with the version that wrote it."
            )
        try:
            return _report(plain)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ValueError(f"This report is damaged: {type(error).__name__}: {error}. Make it anew.") from error


def seed_run(
    seed: int,
    events: Sequence[Event],
    logits: NDArray[Any] | None,
    labels: NDArray[Any],
    pairs: Sequence[Mapping[str, Any]],
) -> Run:
    """Build a run from what its training recorded and what the grader computed.

    Args:
        seed: the training's seed.
        events: as `read_events` gives them.
        logits: (n, 2), the grader's own on the validation pairs; None where no model was left.
        labels: (n,), zeros and ones; n >= 1.
        pairs: n mappings with "sentence1" and "sentence2".

    Raises ValueError where the shapes do not fit together.
    """
    seconds, memory = last_number(events, "seconds"), last_number(events, "peak_memory")
    starts = [int(step) for event in of_kind(events, "start") if (step := number(event, "step"))]
    return Run(
        seed=seed,
        resumed_at=tuple(starts),
        steps=int(last_number(events, "step") or 0),
        seconds=seconds,
        tokens_per_second=_rate(last_number(events, "tokens"), seconds),
        peak_memory=None if memory is None else int(memory),
        log=tuple(of_kind(events, "log")),
        evaluations=tuple(of_kind(events, "evaluation")),
        evaluated=None if logits is None else evaluated(logits, labels, pairs),
    )


def _rate(amount: float | None, seconds: float | None) -> float | None:
    rate = amount / seconds if amount is not None and seconds else math.nan
    return rate if math.isfinite(rate) else None


def evaluated(logits: NDArray[Any], labels: NDArray[Any], pairs: Sequence[Mapping[str, Any]]) -> Evaluated:
    """Judge logits (n, 2) by labels (n,); see `seed_run`."""
    if logits.shape != (len(labels), 2) or len(pairs) != len(labels) or not len(labels):
        raise ValueError(
            f"Logits of shape {logits.shape}, {len(labels)} labels and {len(pairs)} pairs do not fit together."
        )
    predicted = (logits[:, 1] > logits[:, 0]).astype(int)
    cells = [[int(((labels == row) & (predicted == column)).sum()) for column in (0, 1)] for row in (0, 1)]
    return Evaluated(
        scores=Scores(metrics.accuracy(logits, labels), metrics.f1(logits, labels)),
        confusion=((cells[0][0], cells[0][1]), (cells[1][0], cells[1][1])),
        wrong=_most_wrong(logits, labels, predicted, pairs),
    )


def _most_wrong(
    logits: NDArray[Any], labels: NDArray[Any], predicted: NDArray[Any], pairs: Sequence[Mapping[str, Any]]
) -> tuple[WrongPair, ...]:
    """Ordered by the margin, which orders as the probability does and never saturates; logits that are nan go last."""
    import numpy as np

    with np.errstate(invalid="ignore"):
        margin = np.abs(logits[:, 1].astype(float) - logits[:, 0].astype(float))
    wrong = np.flatnonzero(predicted != labels)
    ordered = wrong[np.argsort(-margin[wrong], kind="stable")][:MOST_WRONG]
    return tuple(
        WrongPair(
            sentence1=str(pairs[i]["sentence1"]),
            sentence2=str(pairs[i]["sentence2"]),
            label=int(labels[i]),
            predicted=int(predicted[i]),
            probability=None if math.isnan(margin[i]) else 1 / (1 + math.exp(-margin[i])),
        )
        for i in map(int, ordered)
    )


def _plain_report(report: Report) -> dict[str, Any]:
    plain = asdict(report)
    plain["runs"] = [_plain_run(run) for run in report.runs]
    return {"schema": SCHEMA, **plain, "accuracy": asdict(report.accuracy), "f1": asdict(report.f1)}


def _plain_run(run: Run) -> dict[str, Any]:
    plain = asdict(run)
    found = plain.pop("evaluated") or {"scores": {"accuracy": None, "f1": None}, "confusion": None, "wrong": ()}
    return {**plain, **found.pop("scores"), **found}


def _finite(value: Any) -> Any:
    """The value in JSON's own types: what is no number is null, and what JSON has no word for is its text."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value if value is None or isinstance(value, int | str) else str(value)


def _report(plain: Mapping[str, Any]) -> Report:
    kept = {name: plain[name] for name in ("name", "exercise", "submission", "checkpoint", "data", "seed")}
    return Report(
        **kept,
        device=Device(**plain["device"]),
        versions=dict(plain["versions"]),
        arguments=dict(plain["arguments"]),
        threshold=Threshold(**plain["threshold"]),
        baseline=Scores(**plain["baseline"]),
        course=Scores(**plain["course"]),
        runs=tuple(map(_run, plain["runs"])),
    )


def _run(plain: Mapping[str, Any]) -> Run:
    kept = {name: plain[name] for name in ("seed", "steps", "seconds", "tokens_per_second", "peak_memory")}
    return Run(
        **kept,
        resumed_at=tuple(plain["resumed_at"]),
        log=tuple(map(dict, plain["log"])),
        evaluations=tuple(map(dict, plain["evaluations"])),
        evaluated=None if plain["confusion"] is None else _evaluated(plain),
    )


def _evaluated(plain: Mapping[str, Any]) -> Evaluated:
    (a, b), (c, d) = plain["confusion"]
    return Evaluated(
        Scores(plain["accuracy"], plain["f1"]), ((a, b), (c, d)), tuple(WrongPair(**row) for row in plain["wrong"])
    )
