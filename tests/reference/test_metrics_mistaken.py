"""The battery of exercise 04 tells every misconception from every other, and from the truth."""

from itertools import combinations

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, f1_score, precision_score, recall_score

from pytest_trainer.reference import metrics
from pytest_trainer.reference.diagnosis import Raised, outputs
from pytest_trainer.reference.metrics_mistaken import (
    MISTAKEN,
    OF_ACCURACY,
    OF_F1,
    ROUNDED,
    TRUE,
    battery,
    which,
    which_memory,
    which_result,
    which_undefined,
)
from pytest_trainer.submission import Array


def differ(some, others):
    return any(
        one != other if Raised() in (one, other) else abs(one - other) > metrics.TOLERANCE
        for one, other in zip(some, others, strict=True)
    )


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
    for misconception in ROUNDED[name]:
        assert which(name, misconception.answer, ROUNDED[name]) == misconception.sentence
    assert which(name, TRUE[name], (*MISTAKEN[name], *ROUNDED[name])) == ""
    assert which(name, lambda *table: TRUE[name](*table) * 0.9, MISTAKEN[name]) == ""


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
    for logits, labels in battery()[:3]:
        assert misconception.answer(logits, labels) == pytest.approx(LIBRARY[words](labels, logits.argmax(1)))


def test_the_batterys_tables_are_rich():
    for logits, labels in battery():
        assert logits.dtype == np.float32
        assert labels.dtype == np.int64
        assert len(np.unique(logits)) == logits.size
    for logits, _ in battery()[:3]:
        signs = {(bool(a > 0), bool(b > 0)) for a, b in logits}
        assert len(signs) == 4


def test_a_number_that_is_always_the_same_is_named():
    for name in MISTAKEN:
        assert "whatever the logits" in which(name, lambda *_: 0.8578, MISTAKEN[name])


def test_a_fixed_divisor_is_named():
    def of_six(logits, labels):
        return float((logits.argmax(1) == labels).sum() / 6)

    assert "divided by 6" in which("accuracy", of_six, OF_ACCURACY)


def harmonic_mean(at_0_by_0):
    """F1 by way of precision and recall, with what 0 / 0 gives."""

    def f1(logits, labels):
        predicted = logits[:, 1] > logits[:, 0]
        right = int((predicted & (labels == 1)).sum())
        precision, recall = (right / n if n else at_0_by_0() for n in (int(predicted.sum()), int((labels == 1).sum())))
        total = precision + recall
        return 2 * precision * recall / total if total else at_0_by_0()

    return f1


def divide():
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("f1", "words"),
    [
        (metrics.f1, ""),
        (harmonic_mean(lambda: float("nan")), "gives NaN"),
        (harmonic_mean(divide), "divides by 0"),
        (lambda logits, labels: metrics.f1(logits, labels) if (labels == 1).any() else 1.0, "gives 1"),
        (lambda *_: divide(), ""),
    ],
)
def test_what_becomes_of_0_by_0_is_named(f1, words):
    sentence = which_undefined(f1)
    assert words in sentence
    assert bool(words) == bool(sentence)


def test_what_piles_up_is_named():
    collected = [(np.array([[1, 0]]), np.array([1]))]

    def piling(logits, labels):
        collected.append((logits, labels))
        return metrics.accuracy(*(np.concatenate(parts) for parts in zip(*collected, strict=True)))

    assert "earlier calls" in which_memory(piling)
    assert which_memory(metrics.accuracy) == ""
    assert which_memory(lambda *_: 0.5) == ""


@pytest.mark.parametrize(
    ("result", "words"),
    [
        ({"accuracy": 0.5, "f1": 0.4}, ""),
        ((0.5, 0.4), "without their names"),
        (None, "without their names"),
        ({"eval_accuracy": 0.5, "eval_f1": 0.4}, "in front by itself"),
        ({"acc": 0.5, "f1": 0.4}, "no 'accuracy'"),
        ({"accuracy": 0.5, "f1-score": 0.4}, "no 'f1'"),
        ({"accuracy": {"accuracy": 0.5}, "f1": {"f1": 0.4}}, "compute() of the library Evaluate"),
        ({"accuracy": "50.0%", "f1": 0.4}, "a text"),
        ({"accuracy": 0.5, "f1": [0.4, 0.3]}, "one for each class"),
        ({"accuracy": 0.5, "f1": Array("ndarray", "float64", np.array([0.4, 0.3]))}, "one for each class"),
        ({"accuracy": Array("ndarray", "float64", np.array([0.4])), "f1": 0.4}, "array with a number in it"),
        ({"accuracy": Array("ndarray", "bool", np.array([True] * 9)), "f1": 0.4}, "one for each pair"),
        ({"accuracy": Array("scalar", "float64", np.array(0.4)), "f1": Array("tensor", "float32", np.array(0.4))}, ""),
    ],
)
def test_what_is_no_pair_of_named_numbers_is_explained(result, words):
    sentence = which_result(result)
    assert words in sentence
    assert bool(words) == bool(sentence)
