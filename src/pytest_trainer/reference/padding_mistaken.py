"""What misconceptions of a collator put where a batch is looked at, and batches that tell them apart."""

# ruff: noqa: ARG005 - a misconception takes all that a collator knows, and may ignore some of it

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from pytest_trainer.reference.diagnosis import Misconception, diagnose, outputs
from pytest_trainer.reference.padding import Feature

PAD_IDS = {"[PAD]": 0, "[UNK]": 1, "[MASK]": 4}
"""The special tokens that the checks make the pad token, with their ids in the tiny checkpoint's vocabulary."""


@dataclass(frozen=True, slots=True)
class Pads:
    """How the tokenizer of a batch pads."""

    side: str
    token: str
    type_id: int

    @property
    def id(self) -> int:
        """Its `pad_token_id`."""
        return PAD_IDS[self.token]


Batch: TypeAlias = tuple[list[Feature], Pads]


def _feature(first: Sequence[int], second: Sequence[int], label: int) -> Feature:
    ids = [2, *first, 3, *second, 3]
    types = [0] * (len(first) + 2) + [1] * (len(second) + 1)
    return {"input_ids": ids, "token_type_ids": types, "attention_mask": [1] * len(ids), "label": label}


def battery() -> list[Batch]:
    """Three batches of pairs unlike in length, in no order, some of whose words have the id of the pad token."""
    one = [
        _feature([7, 8], [9], 1),
        _feature([11, 12], [16, 17], 0),
        _feature([21], [22, 23, 24], 1),
    ]
    other = [
        _feature([31, 32, 33, 34, 35, 36, 37], [38, 1, 39, 40, 41, 42, 58], 0),
        _feature([43, 44], [45, 46, 47, 48, 49, 50, 1, 51], 0),
        _feature([52], [53], 1),
        _feature([54, 1, 55], [56, 57], 1),
    ]
    third = [_feature([61, 4, 62, 63], [64], 1), _feature([65, 66], [4, 67, 68, 69, 70, 71, 72], 0)]
    return [(one, Pads("right", "[PAD]", 2)), (other, Pads("left", "[UNK]", 0)), (third, Pads("right", "[MASK]", 1))]


# -- what a part of a batch holds, by row -----------------------------------------------------------------------------


def _lengths(features: list[Feature]) -> list[int]:
    return [len(feature["input_ids"]) for feature in features]  # type: ignore[arg-type]  # a list by its key


def _filled(fill: Callable[[Feature, Pads], int]) -> Callable[..., list[list[int]]]:
    """The padding of each row, where every position gets this value."""

    def paddings(features: list[Feature], pads: Pads) -> list[list[int]]:
        longest = max(_lengths(features))
        return [[fill(f, pads)] * (longest - n) for f, n in zip(features, _lengths(features), strict=True)]

    return paddings


def _own(key: str, of: Callable[[Feature, Pads], list[int]] | None = None) -> Callable[..., list[list[int]]]:
    """What stands at the positions of each row's own tokens."""

    def own(features: list[Feature], pads: Pads) -> list[list[int]]:
        return [of(f, pads) if of else list(f[key]) for f in features]  # type: ignore[arg-type]

    return own


def _ordered(order: Callable[[list[Feature]], list[Feature]]) -> Callable[..., list[list[int]]]:
    return lambda features, pads: [list(f["input_ids"]) for f in order(features)]  # type: ignore[arg-type]


def _by_length(features: list[Feature]) -> list[Feature]:
    return sorted(features, key=lambda f: len(f["input_ids"]))  # type: ignore[arg-type]


Part: TypeAlias = tuple[Callable[..., Any], tuple[Misconception, ...]]
"""What is true of a part of a batch, and what misconceptions make of it."""

IDS: Part = (
    _filled(lambda f, pads: pads.id),
    (
        Misconception(
            "The padding of input_ids seems to be 0 whatever the tokenizer. That is BERT's pad id; other models have "
            "others, and the tokenizer knows its own.",
            _filled(lambda f, pads: 0),
        ),
        Misconception(
            "The padding of input_ids seems to be 1 whatever the tokenizer. That is RoBERTa's pad id; the tokenizer "
            "knows its own.",
            _filled(lambda f, pads: 1),
        ),
        Misconception(
            "The padding of input_ids seems to be -100. That is what the loss ignores in labels of tokens; input_ids "
            "are looked up in the vocabulary, where there is no -100.",
            _filled(lambda f, pads: -100),
        ),
        Misconception(
            "The padding of input_ids seems to be the pad token's type. The tokenizer has two numbers for padding: one "
            "for the ids, one for the types.",
            _filled(lambda f, pads: pads.type_id),
        ),
        Misconception(
            "The padding of input_ids seems to be [SEP]. It ends a sentence; what fills a row up is a token of its "
            "own.",
            _filled(lambda f, pads: 3),
        ),
    ),
)

TYPES: Part = (
    _filled(lambda f, pads: pads.type_id),
    (
        Misconception(
            "The padding of token_type_ids seems to be 0 whatever the tokenizer. That is so for BERT; other models "
            "have another pad type, and the tokenizer knows its own.",
            _filled(lambda f, pads: 0),
        ),
        Misconception(
            "The padding of token_type_ids seems to go on with the second sentence's 1. It belongs to neither "
            "sentence.",
            _filled(lambda f, pads: 1),
        ),
        Misconception(
            "The padding of token_type_ids seems to be the pad token's id. The tokenizer has two numbers for padding: "
            "one for the ids, one for the types.",
            _filled(lambda f, pads: pads.id),
        ),
    ),
)

MASK: Part = (
    _filled(lambda f, pads: 0),
    (
        Misconception(
            "The attention_mask seems to be 1 everywhere. Then the model reads the padding as if it were text: the "
            "mask is there to say which positions are none.",
            _filled(lambda f, pads: 1),
        ),
        Misconception(
            "The padding of the attention_mask seems to be the pad token's id. The mask knows two numbers only: 1 for "
            "the pair's own tokens, 0 for padding.",
            _filled(lambda f, pads: pads.id),
        ),
    ),
)

OWN_MASK: Part = (
    _own("attention_mask"),
    (
        Misconception(
            "The attention_mask seems to be guessed from the ids: 0 wherever the pad id stands. A text may contain "
            "that token; which positions were added, only the lengths tell.",
            _own("", lambda f, pads: [int(i != pads.id) for i in f["input_ids"]]),  # type: ignore[union-attr]
        ),
        Misconception(
            "The attention_mask seems to be the wrong way round: 1 is for the pair's own tokens, 0 for padding.",
            _own("", lambda f, pads: [0] * len(f["input_ids"])),  # type: ignore[arg-type]
        ),
        Misconception(
            "The attention_mask seems to be the token types: it says which positions are the pair's, in both "
            "sentences.",
            _own("token_type_ids"),
        ),
    ),
)

OWN_TYPES: Part = (
    _own("token_type_ids"),
    (
        Misconception(
            "The token_type_ids seem to be 0 everywhere, as if there were one sentence. They come with the features, "
            "and tell the second sentence from the first.",
            _own("", lambda f, pads: [0] * len(f["input_ids"])),  # type: ignore[arg-type]
        ),
        Misconception(
            "The token_type_ids seem to be the attention_mask. They come with the features under their own name.",
            _own("attention_mask"),
        ),
    ),
)

ORDER: Part = (
    _own("input_ids"),
    (
        Misconception(
            "The rows seem to be sorted by length. Row i belongs to features[i], or labels and rows no longer fit.",
            _ordered(_by_length),
        ),
        Misconception(
            "The rows seem to be sorted by length, the longest first. Row i belongs to features[i], or labels and rows "
            "no longer fit.",
            _ordered(lambda features: sorted(features, key=lambda f: -len(f["input_ids"]))),  # type: ignore[arg-type]
        ),
        Misconception(
            "The rows seem to be in reverse order. Row i belongs to features[i].",
            _ordered(lambda features: features[::-1]),
        ),
    ),
)


def which(part: Part, look: Callable[..., Any]) -> str:
    """The sentence of the misconception that fills a part of the battery's batches as `look(features, pads)` found."""
    truth, misconceptions = part
    return diagnose(outputs(look, battery()), battery(), truth, misconceptions)


def which_width(look: Callable[..., int]) -> str:
    """What to say where `look(features, pads)`, the width of a batch, is not that of its longest pair."""
    widths = [width for width in outputs(look, battery()) if isinstance(width, int)]
    longest = [max(_lengths(features)) for features, _ in battery()]
    if len(widths) != len(longest) or widths == longest:
        return ""
    if len(set(widths)) == 1:
        return (
            f"Every batch seems to be padded to {widths[0]}. Dynamic padding goes as far as this batch's longest pair: "
            "all beyond is work for nothing."
        )
    for multiple in (64, 32, 16, 8, 4):
        if widths == [-(-n // multiple) * multiple for n in longest]:
            return (
                f"The widths seem to be rounded up to multiples of {multiple}. That may help some GPUs; asked for is "
                "the length of the longest pair itself."
            )
    shortest = [min(_lengths(features)) for features, _ in battery()]
    if widths == shortest:
        return "Every pair seems to be cut to the shortest of the batch. Nothing may be lost: the shorter ones grow."
    return ""
