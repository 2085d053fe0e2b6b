"""The battery of exercise 02 tells every misconception of a part from every other, and from the truth."""

from itertools import combinations

# ruff: noqa: ARG005
import pytest

from pytest_trainer.lab.recipes import Tokenizer
from pytest_trainer.reference import padding, padding_mistaken
from pytest_trainer.reference.diagnosis import outputs
from pytest_trainer.reference.padding_mistaken import PAD_IDS, battery, which, which_width

PARTS = ("IDS", "TYPES", "MASK", "OWN_MASK", "OWN_TYPES", "ORDER")


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


@pytest.mark.parametrize(
    ("width", "words"),
    [
        (longest, ""),
        (lambda features, pads: 128, "padded to 128"),
        (lambda features, pads: -(-longest(features, pads) // 8) * 8, "multiples of 8"),
        (lambda features, pads: min(len(feature["input_ids"]) for feature in features), "cut to the shortest"),
        (lambda features, pads: longest(features, pads) + 1, ""),
    ],
)
def test_widths(width, words):
    said = which_width(width)
    assert words in said
    assert bool(said) == bool(words)
