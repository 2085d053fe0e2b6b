"""The battery of exercise 02 tells every misconception of a part from every other, and from the truth."""

from itertools import combinations

# ruff: noqa: ARG005
import pytest

from pytest_trainer.lab.recipes import Tokenizer
from pytest_trainer.reference import padding, padding_mistaken
from pytest_trainer.reference.diagnosis import outputs
from pytest_trainer.reference.padding_mistaken import (
    PAD_IDS,
    batches_for_width,
    battery,
    which,
    which_batch,
    which_change,
    which_width,
)
from pytest_trainer.submission import Array

PARTS = ("IDS", "TYPES", "MASK", "OWN_MASK", "OWN_TYPES", "ORDER", "LABELS")


@pytest.fixture(params=PARTS)
def part(request):
    return getattr(padding_mistaken, request.param)


def test_every_two_answers_differ(part):
    truth, misconceptions = part
    answers = [outputs(answer, battery()) for answer in (truth, *(one.answer for one in misconceptions))]
    for one, other in combinations(answers, 2):
        assert one != other


def test_each_is_named_and_the_truth_is_not(part):
    truth, misconceptions = part
    for misconception in misconceptions:
        assert which(part, misconception.answer) == misconception.sentence
    assert which(part, truth) == ""


def test_the_truth_is_what_padding_by_the_definition_gives():
    for features, pads in battery():
        batch = padding.pad(features, pads.id, pads.type_id, pads.side)
        for key, part in (
            ("input_ids", padding_mistaken.IDS),
            ("token_type_ids", padding_mistaken.TYPES),
            ("attention_mask", padding_mistaken.MASK),
        ):
            beyond = [
                (row[: -len(f[key])] if pads.side == "left" else row[len(f[key]) :]).tolist()
                for row, f in zip(batch[key], features, strict=True)
            ]
            assert beyond == part[0](features, pads)


def test_pad_ids_are_the_tokenizers():
    for token, number in PAD_IDS.items():
        assert Tokenizer(pad_token=token).make().pad_token_id == number


def longest(features, pads):  # noqa: ARG001
    return max(len(feature["input_ids"]) for feature in features)


def longest_so_far():
    """A width that is kept from batch to batch."""
    seen = []

    def width(features, pads):
        seen.append(longest(features, pads))
        return max(seen)

    return width


WIDTHS = {
    "": longest,
    "padded to 128": lambda features, pads: 128,
    "multiples of 8": lambda features, pads: -(-longest(features, pads) // 8) * 8,
    "multiples of 16": lambda features, pads: -(-longest(features, pads) // 16) * 16,
    "multiples of 32": lambda features, pads: -(-longest(features, pads) // 32) * 32,
    "cut to the shortest": lambda features, pads: min(len(feature["input_ids"]) for feature in features),
    "cut to 16": lambda features, pads: min(16, longest(features, pads)),
    "cut to 32": lambda features, pads: min(32, longest(features, pads)),
    "longest pair so far": longest_so_far(),
}


@pytest.mark.parametrize("words", WIDTHS)
def test_widths(words):
    said = which_width(WIDTHS[words])
    assert words in said
    assert bool(said) == bool(words)


def test_every_two_widths_differ():
    widths = [outputs(width, batches_for_width()) for width in WIDTHS.values()]
    for one, other in combinations(widths, 2):
        assert one != other


def test_a_width_of_no_known_kind_is_not_named():
    assert which_width(lambda features, pads: longest(features, pads) + 1) == ""


def crossed(features, pads):
    """The right batch, as it crosses from the student's side."""
    batch = padding.pad(features, pads.id, pads.type_id, pads.side)
    return {key: Array("tensor", "int64", value) for key, value in batch.items()}


def with_labels(kind="tensor", dtype="int64", shape=(-1,)):
    def changed(batch):
        return {**batch, "labels": Array(kind, dtype, batch["labels"].data.astype(dtype).reshape(shape))}

    return changed


BATCHES = {
    "": lambda batch: batch,
    "still under 'label'": lambda batch: {k: v for k, v in batch.items() if k != "labels"} | {"label": batch["labels"]},
    "token_type_ids are dropped": lambda batch: {k: v for k, v in batch.items() if k != "token_type_ids"},
    "attention_mask is dropped": lambda batch: {k: v for k, v in batch.items() if k != "attention_mask"},
    "no labels": lambda batch: {k: v for k, v in batch.items() if k != "labels"},
    "no input_ids": lambda batch: {k: v for k, v in batch.items() if k != "input_ids"},
    "more keys": lambda batch: {**batch, "idx": batch["labels"]},
    "are lists": lambda batch: {k: v.data.tolist() for k, v in batch.items()},
    "numpy arrays": lambda batch: {k: Array("ndarray", "int64", v.data) for k, v in batch.items()},
    "are floats": with_labels(dtype="float32"),
    "two dimensions": with_labels(shape=(-1, 1)),
    "another type than int64": with_labels(dtype="int32"),
}


@pytest.mark.parametrize("words", BATCHES)
def test_keys_and_types_of_a_batch(words):
    said = which_batch([BATCHES[words](crossed(*one)) for one in battery()])
    assert words in said
    assert bool(said) == bool(words)


def test_a_batch_that_is_always_the_same_is_named():
    assert "whatever the features" in which_batch([crossed(*battery()[0])] * len(battery()))
    assert which_batch([]) == ""


CHANGES = {
    "": lambda features: features,
    "sorted or turned round": lambda features: features[::-1],
    "takes a key out": lambda features: [{k: v for k, v in f.items() if k != "label"} for f in features],
    "A key was put": lambda features: [{**f, "labels": f["label"]} for f in features],
    "change a list in place": lambda features: [{**f, "input_ids": [*f["input_ids"], 0]} for f in features],
}


@pytest.mark.parametrize("words", CHANGES)
def test_changes_of_the_features(words):
    features, _ = battery()[1]
    said = which_change(features, CHANGES[words](features))
    assert words in said
    assert bool(said) == bool(words)


def test_features_that_are_none_any_more_are_not_explained():
    features, _ = battery()[1]
    assert which_change(features, [None] * len(features)) == ""
