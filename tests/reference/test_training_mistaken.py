"""What a training run shows is named where it is what a known misconception makes, and only there."""

from functools import partial

import pytest

from pytest_trainer.lab.checkpoints import LABELS
from pytest_trainer.lab.offline_hub import CHECKPOINT
from pytest_trainer.reference.pairs import as_pair
from pytest_trainer.reference.training_mistaken import (
    which_arguments,
    which_head,
    which_left,
    which_limit,
    which_metrics,
    which_moment,
    which_pair,
    which_share,
    which_split,
    which_start,
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


def test_every_two_mistaken_pairs_are_told_apart(encode):
    tokens, _ = encode(FIRST, SECOND)
    rows = [encode(SECOND, FIRST), encode(f"{FIRST} {SECOND}"), (tokens, (0,) * len(tokens)), encode(FIRST)]
    assert len(set(rows)) == len({which_pair(row, FIRST, SECOND, encode) for row in rows}) == len(rows)


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
    assert "config names" in which_head(3, 3)
    assert "regression" in which_head(1, 3)
    assert which_head(5, 3) == ""


def test_moments():
    moments = {"fresh": 0.32, "train": 1.0, "training loss": 0.21}
    assert "before its training" in which_moment(0.32, moments, 1e-6)
    assert "training pairs" in which_moment(1.0, moments, 1e-6)
    assert "the loss of the training" in which_moment(0.21, moments, 1e-6)
    assert "the loss of the training" in which_moment(0.79, moments, 1e-6)
    assert which_moment(0.5, moments, 1e-6) == ""


def test_shares():
    assert "written down in your code" in which_share(0.993, 200)
    assert which_share(0.995, 200) == ""


ALIKE = "3 labels asked for, or left to a config that names 3, are the same head: no input tells them apart"


def test_three_labels_and_labels_left_out_share_their_sentence_where_the_config_names_three():
    assert "names" in which_head(len(LABELS), len(LABELS)), ALIKE
    assert "where none is asked for" in which_head(len(LABELS), len(LABELS)), ALIKE


METRICS = {
    "of the training": [{"train_loss": 0.3, "epoch": 2.0}, {"loss": 0.21}],
    "test_ in front": [{"test_accuracy": 0.5, "test_f1": 0.5}],
    "without the eval_": [{"accuracy": 0.5, "f1": 0.5}],
    "nothing but the loss": [{"eval_loss": 0.5, "epoch": 2.0}],
    "": [{}, {"score": 0.5}],
}


@pytest.mark.parametrize("words", METRICS)
def test_metrics(words):
    for returned in METRICS[words]:
        said = which_metrics(returned, training_loss=0.21)
        assert words in said
        assert bool(said) == bool(words)


GIVEN = {"learning_rate": 1e-3, "num_train_epochs": 2, "seed": 42, "output_dir": "here"}


@pytest.mark.parametrize(
    ("same", "changed", "words"),
    [
        (True, {}, ""),
        (False, {}, ""),
        (True, {"seed": 1}, "were changed on the way"),
        (False, {"seed": 1}, "changed copy"),
        (False, {"seed": 1, "learning_rate": 5e-5, "num_train_epochs": 3}, "arguments of its own"),
    ],
)
def test_arguments(same, changed, words):
    said = which_arguments(same, GIVEN, {**GIVEN, **changed, "more": 1})
    assert words in said
    assert bool(said) == bool(words)


def test_starts():
    assert "named in your code" in which_start(pretrained=True)
    assert "made from a config" in which_start(pretrained=False)


def test_files_that_are_left():
    assert "Checkpoints" in which_left(["out/checkpoint-32/model.safetensors"])
    assert "A model is saved" in which_left(["mine/config.json", "mine/model.safetensors"])
    assert "A logger" in which_left(["runs/Nov01/events.out.tfevents.1"])
    assert "Something is left" in which_left(["notes.txt"])
