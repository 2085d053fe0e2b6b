"""The reference metrics against scikit-learn, and against numbers counted by hand."""

import numpy as np
import pytest
from hypothesis import given
from sklearn.metrics import accuracy_score, f1_score

from pytest_trainer.reference import metrics, strategies


@given(strategies.logits_and_labels())
def test_accuracy_and_f1_equal_scikit_learns(table):
    logits, labels = table
    predictions = logits.argmax(axis=1)
    assert metrics.accuracy(logits, labels) == pytest.approx(accuracy_score(labels, predictions), abs=1e-12)
    assert metrics.f1(logits, labels) == pytest.approx(f1_score(labels, predictions, zero_division=0), abs=1e-12)


@pytest.mark.parametrize(
    ("winners", "labels", "accuracy", "f1"),
    [
        ([1, 1, 0, 1, 0, 0], [1, 1, 1, 0, 0, 0], 4 / 6, 4 / 6),
        ([1, 1, 1, 1], [1, 1, 1, 0], 0.75, 6 / 7),
        ([0, 0], [0, 0], 1.0, 0.0),
        ([0, 0], [1, 1], 0.0, 0.0),
        ([1], [0], 0.0, 0.0),
        ([1], [1], 1.0, 1.0),
    ],
)
def test_metrics_of_small_tables_counted_by_hand(winners, labels, accuracy, f1):
    logits, labels = np.eye(2, dtype=np.float32)[winners], np.array(labels)
    assert metrics.accuracy(logits, labels) == accuracy
    assert metrics.f1(logits, labels) == f1


@given(strategies.logits_and_labels())
def test_predictions_and_labels_may_change_places(table):
    """A swap makes false negatives of false positives; accuracy and F1 only have the sum of both."""
    logits, labels = table
    predicted = (logits[:, 1] > logits[:, 0]).astype(np.int64)
    swapped = np.stack([1 - labels, labels], axis=1).astype(np.float32)
    assert metrics.accuracy(swapped, predicted) == metrics.accuracy(logits, labels)
    assert metrics.f1(swapped, predicted) == metrics.f1(logits, labels)
