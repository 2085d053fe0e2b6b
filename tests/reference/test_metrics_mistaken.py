"""The battery of exercise 04 tells every misconception from every other, and from the truth."""

from itertools import combinations

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, f1_score, precision_score, recall_score

from pytest_trainer.reference import metrics
from pytest_trainer.reference.diagnosis import outputs
from pytest_trainer.reference.metrics_mistaken import MISTAKEN, OF_ACCURACY, OF_F1, ROUNDED, TRUE, battery, which


def differ(some, others):
    return any(abs(one - other) > metrics.TOLERANCE for one, other in zip(some, others, strict=True))


@pytest.mark.parametrize("name", ["accuracy", "f1"])
def test_every_misconception_differs_from_the_truth(name):
    right = outputs(TRUE[name], battery())
    for misconception in (*MISTAKEN[name], *ROUNDED[name]):
        assert differ(outputs(misconception.answer, battery()), right), misconception.sentence


@pytest.mark.parametrize("name", ["accuracy", "f1"])
def test_every_two_misconceptions_differ(name):
    for one, other in combinations((*MISTAKEN[name], *ROUNDED[name]), 2):
        theirs = [outputs(misconception.answer, battery()) for misconception in (one, other)]
        assert differ(*theirs), (one.sentence, other.sentence)


@pytest.mark.parametrize("name", ["accuracy", "f1"])
def test_each_is_named_and_the_truth_is_not(name):
    for misconception in MISTAKEN[name]:
        assert which(name, misconception.answer, MISTAKEN[name]) == misconception.sentence
    assert which(name, TRUE[name], MISTAKEN[name]) == ""
    assert which(name, lambda *table: 0.123, MISTAKEN[name]) == ""  # noqa: ARG005


LIBRARY = {
    "macro": lambda y, p: f1_score(y, p, average="macro"),
    "weighted": lambda y, p: f1_score(y, p, average="weighted"),
    "'micro'": lambda y, p: f1_score(y, p, average="micro"),
    "the F1 of class 0": lambda y, p: f1_score(y, p, pos_label=0),
    "is the precision": precision_score,
    "is the recall": recall_score,
    "both classes' recall": balanced_accuracy_score,
}


@pytest.mark.parametrize("words", LIBRARY)
def test_they_are_what_the_library_computes(words):
    [misconception] = [one for one in (*OF_ACCURACY, *OF_F1) if words in one.sentence]
    for logits, labels in battery():
        assert misconception.answer(logits, labels) == pytest.approx(LIBRARY[words](labels, logits.argmax(1)))


def test_the_batterys_tables_are_rich():
    for logits, labels in battery():
        assert logits.dtype == np.float32
        assert labels.dtype == np.int64
        assert len(np.unique(logits)) == logits.size
        signs = {(bool(a > 0), bool(b > 0)) for a, b in logits}
        assert len(signs) == 4
