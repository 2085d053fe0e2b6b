"""What misconceptions of accuracy and F1 give instead, and a battery of tables that tells them apart."""

# ruff: noqa: ARG001, ARG005 - all four counts come, and a misconception may ignore some

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_trainer.reference import metrics
from pytest_trainer.reference.diagnosis import Misconception, diagnose, outputs

if TYPE_CHECKING:
    from numpy.typing import NDArray

Table: TypeAlias = "tuple[NDArray[Any], NDArray[Any]]"
"""Logits, float32 (n, 2), and labels, int64 (n,)."""
Counts: TypeAlias = "Callable[[int, int, int, int], float]"


def _counted(count: Counts, positive: Callable[[Any], Any] | None = None) -> Callable[..., float]:
    """A metric made from TP, FP, FN, TN; `positive` says which rows of the logits are taken for class 1."""

    def metric(logits: NDArray[Any], labels: NDArray[Any]) -> float:
        predicted = positive(logits) if positive is not None else logits[:, 1] > logits[:, 0]
        actual = labels == 1
        cells = (predicted & actual, predicted & ~actual, ~predicted & actual, ~predicted & ~actual)
        return count(*(int(cell.sum()) for cell in cells))

    return metric


def _f1(tp: int, fp: int, fn: int, tn: int = 0) -> float:
    return 2 * tp / (2 * tp + fp + fn) if tp else 0.0


def _accuracy(tp: int, fp: int, fn: int, tn: int) -> float:
    return (tp + tn) / (tp + fp + fn + tn)


def _macro(tp: int, fp: int, fn: int, tn: int) -> float:
    return (_f1(tp, fp, fn) + _f1(tn, fn, fp)) / 2


def _weighted(tp: int, fp: int, fn: int, tn: int) -> float:
    positives, negatives = tp + fn, tn + fp
    return (positives * _f1(tp, fp, fn) + negatives * _f1(tn, fn, fp)) / (positives + negatives)


def _share(part: int, rest: int) -> float:
    return part / (part + rest) if part else 0.0


# -- which rows are taken for class 1 ---------------------------------------------------------------------------------

LOGITS_ARE_SCORES = (
    "Logits are any numbers, not probabilities: no fixed threshold splits them. Which of a row's two is larger decides."
)
THRESHOLDS: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    (f"You seem to hold the second logit against 0. {LOGITS_ARE_SCORES}", lambda logits: logits[:, 1] > 0),
    (f"You seem to hold the second logit against 0.5. {LOGITS_ARE_SCORES}", lambda logits: logits[:, 1] > 0.5),
    (f"You seem to hold the first logit against 0. {LOGITS_ARE_SCORES}", lambda logits: logits[:, 0] > 0),
    (f"You seem to hold the first logit against 0.5. {LOGITS_ARE_SCORES}", lambda logits: logits[:, 0] > 0.5),
    (
        "Every pair seems to be taken for equivalent, whatever its logits say.",
        lambda logits: logits[:, 0] == logits[:, 0],
    ),
    ("No pair seems to be taken for equivalent, whatever its logits say.", lambda logits: logits[:, 0] != logits[:, 0]),
)


def _thresholds(count: Counts) -> list[Misconception]:
    return [Misconception(sentence, _counted(count, positive)) for sentence, positive in THRESHOLDS]


OF_ACCURACY = (
    *_thresholds(_accuracy),
    Misconception(
        "What came back is 100 times the share: a percentage. Metrics are logged as shares from 0 to 1.",
        _counted(lambda tp, fp, fn, tn: 100 * _accuracy(tp, fp, fn, tn)),
    ),
    Misconception(
        "What came back is how many pairs are right. Accuracy is their share of all pairs.",
        _counted(lambda tp, fp, fn, tn: tp + tn),
    ),
    Misconception(
        "What came back is the share of pairs that are wrong. Either that is what is counted, or the two columns were "
        "taken for each other: column 0 speaks for class 0, column 1 for class 1.",
        _counted(lambda tp, fp, fn, tn: 1 - _accuracy(tp, fp, fn, tn)),
    ),
    Misconception(
        "What came back is the mean of both classes' recall, which counts a rare class as much as a frequent one. "
        "Accuracy counts every pair once.",
        _counted(lambda tp, fp, fn, tn: (_share(tp, fn) + _share(tn, fp)) / 2),
    ),
    Misconception("What came back under 'accuracy' is F1; the two seem to have changed places.", metrics.f1),
    Misconception(
        "No prediction ever equals its label. Logits and labels cannot be compared: a class has to be chosen first.",
        lambda logits, labels: 0.0,
    ),
)

OF_F1 = (
    *_thresholds(_f1),
    Misconception(
        "You seem to have taken the two columns for each other: column 0 speaks for class 0, column 1 for class 1.",
        _counted(_f1, lambda logits: logits[:, 0] > logits[:, 1]),
    ),
    Misconception(
        "What came back is the macro average: the mean of both classes' F1. GLUE's MRPC asks for the F1 of class 1 "
        "alone, the one that 'equivalent' stands for.",
        _counted(_macro),
    ),
    Misconception(
        "What came back is the weighted average of both classes' F1. GLUE's MRPC asks for the F1 of class 1 alone, the "
        "one that 'equivalent' stands for.",
        _counted(_weighted),
    ),
    Misconception(
        "What came back equals the accuracy: with one label a pair, F1 averaged as 'micro' is nothing else. What is "
        "asked is the F1 of class 1 alone.",
        _counted(_accuracy),
    ),
    Misconception(
        "What came back is the F1 of class 0. Positive is class 1, 'equivalent'.",
        _counted(lambda tp, fp, fn, tn: _f1(tn, fn, fp)),
    ),
    Misconception(
        "What came back is the precision: of the pairs taken for equivalent, the share that is. F1 joins it with "
        "recall.",
        _counted(lambda tp, fp, fn, tn: _share(tp, fp)),
    ),
    Misconception(
        "What came back is the recall: of the equivalent pairs, the share that was found. F1 joins it with precision.",
        _counted(lambda tp, fp, fn, tn: _share(tp, fn)),
    ),
    Misconception(
        "What came back is the mean of precision and recall. F1 is their harmonic mean, which the smaller one rules.",
        _counted(lambda tp, fp, fn, tn: (_share(tp, fp) + _share(tp, fn)) / 2),
    ),
    Misconception(
        "What came back is half of F1: precision times recall over their sum lacks a factor of 2.",
        _counted(lambda tp, fp, fn, tn: _f1(tp, fp, fn) / 2),
    ),
    Misconception(
        "What came back is TP / (TP + FP + FN), the Jaccard index. In F1 the true positives count twice.",
        _counted(lambda tp, fp, fn, tn: _share(tp, fp + fn)),
    ),
    Misconception(
        "What came back is 100 times F1: a percentage. Metrics are logged as shares from 0 to 1.",
        _counted(lambda tp, fp, fn, tn: 100 * _f1(tp, fp, fn)),
    ),
)


def rounded(metric: Callable[..., float], digits: int) -> Misconception:
    """The metric, rounded to so many digits."""
    return Misconception(
        f"The numbers seem to be rounded to {digits} digits. Rounding is for printing: what is logged is compared with "
        "other runs, and the best checkpoint is chosen by it.",
        lambda logits, labels: round(metric(logits, labels), digits),
    )


ROUNDED = {
    "accuracy": tuple(rounded(metrics.accuracy, digits) for digits in (1, 2, 3, 4, 5)),
    "f1": tuple(rounded(metrics.f1, digits) for digits in (1, 2, 3, 4, 5)),
}
TRUE = {"accuracy": metrics.accuracy, "f1": metrics.f1}
MISTAKEN = {"accuracy": OF_ACCURACY, "f1": OF_F1}


@functools.cache
def battery() -> tuple[Table, ...]:
    """Three tables of 23, 31 and 47 rows whose classes, errors and logits are unlike each other.

    No two logits of a table are equal, all cells of the confusion matrix differ, and both logits of a row may be
    positive or negative, so that no threshold gives the classes.
    """
    import numpy as np

    tables = []
    for seed, (tp, fp, fn, tn) in enumerate(((11, 5, 4, 3), (6, 4, 9, 12), (23, 3, 7, 14))):
        random = np.random.default_rng(seed)
        predicted = np.repeat([1, 1, 0, 0], (tp, fp, fn, tn))
        labels = np.repeat([1, 0, 1, 0], (tp, fp, fn, tn))
        lower = random.uniform(-4, 4, len(labels))
        higher = lower + random.uniform(0.5, 4, len(labels))
        logits = np.where(predicted[:, None] == [0, 1], higher[:, None], lower[:, None]).astype(np.float32)
        order = random.permutation(len(labels))
        tables.append((logits[order], labels[order].astype(np.int64)))
    return tuple(tables)


def which(name: str, numbers: Callable[..., float], misconceptions: Sequence[Misconception]) -> str:
    """The sentence of the misconception that gives the same as `numbers(logits, labels)` under this key, else ""."""
    return diagnose(
        outputs(numbers, battery()),
        battery(),
        TRUE[name],
        misconceptions,
        same=lambda one, other: abs(one - other) <= metrics.TOLERANCE,
    )
