"""Accuracy and F1 of a classifier with two classes, by counting; class 1 is the positive one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOLERANCE = 1e-6
"""The difference allowed: more than float32 loses on numbers up to 1 (1e-7), less than 5 digits do (5e-6)."""


def accuracy(logits: NDArray[Any], labels: NDArray[Any]) -> float:
    """Return the share of rows whose larger logit stands in the column that the label names.

    `logits` (n, 2) has no two equal numbers in a row, `labels` (n,) holds zeros and ones; n >= 1.
    """
    return int((_predicted_positive(logits) == (labels == 1)).sum()) / len(labels)


def f1(logits: NDArray[Any], labels: NDArray[Any]) -> float:
    """Return 2 TP / (2 TP + FP + FN) of class 1, and 0.0 where nothing is, or is taken for, positive.

    That is the harmonic mean of precision and recall (van Rijsbergen, Information Retrieval, 1979, ch. 7).
    `logits` (n, 2) has no two equal numbers in a row, `labels` (n,) holds zeros and ones.
    """
    predicted, actual = _predicted_positive(logits), labels == 1
    true_positives = int((predicted & actual).sum())
    errors = int((predicted != actual).sum())
    return 2 * true_positives / (2 * true_positives + errors) if true_positives else 0.0


def _predicted_positive(logits: NDArray[Any]) -> NDArray[Any]:
    predicted: NDArray[Any] = logits[:, 1] > logits[:, 0]
    return predicted
