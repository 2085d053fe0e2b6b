"""What a training run shows is named where it is what a known misconception makes, and only there."""

from functools import partial

import pytest

from pytest_trainer.lab.offline_hub import CHECKPOINT
from pytest_trainer.reference.pairs import as_pair
from pytest_trainer.reference.training_mistaken import (
    which_head,
    which_limit,
    which_moment,
    which_pair,
    which_split,
    which_width,
)

FIRST, SECOND = "The bank bought the firm.", "The firm was sold."


@pytest.fixture(scope="module")
def encode():
    from transformers import AutoTokenizer

    return partial(as_pair, AutoTokenizer.from_pretrained(CHECKPOINT))


def test_pairs(encode):
    tokens, _ = encode(FIRST, SECOND)
    assert "changed places" in which_pair(encode(SECOND, FIRST), FIRST, SECOND, encode)
    assert "glued into one text" in which_pair(encode(f"{FIRST} {SECOND}"), FIRST, SECOND, encode)
    assert "token types are not" in which_pair(encode(f"{FIRST} [SEP] {SECOND}"), FIRST, SECOND, encode)
    assert "token types are not" in which_pair((tokens, (0,) * len(tokens)), FIRST, SECOND, encode)
    assert "Only sentence1" in which_pair(encode(FIRST), FIRST, SECOND, encode)
    assert which_pair(encode(SECOND), FIRST, SECOND, encode) == ""


def test_limits():
    assert "Nothing seems to be cut off" in which_limit(431, 431)
    assert "a fixed length of 128" in which_limit(128, 431)
    assert which_limit(103, 431) == ""


def test_widths():
    assert "to the longest of them all" in which_width([43, 43, 43], 43)
    assert "padded to 128" in which_width([128, 128], 43)
    assert "rounded up" in which_width([32, 40, 24], 38)
    assert which_width([33, 40, 24], 38) == ""


def test_splits():
    assert "'validation' are among" in which_split("train", {"validation": True, "test": False})
    assert "pairs of 'train'" in which_split("validation", {"train": True, "test": False})
    assert which_split("train", {"validation": False, "test": False}) == ""


def test_heads():
    assert "names 3" in which_head(3, 3)
    assert "regression" in which_head(1, 3)
    assert which_head(5, 3) == ""


def test_moments():
    moments = {"fresh": 0.32, "train": 1.0}
    assert "before its training" in which_moment(0.32, moments, 1e-6)
    assert "training pairs" in which_moment(1.0, moments, 1e-6)
    assert which_moment(0.5, moments, 1e-6) == ""
