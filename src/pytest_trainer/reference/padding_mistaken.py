"""What misconceptions of a collator put where a batch is looked at, and batches that tell them apart."""

# ruff: noqa: ARG005 - a misconception takes all that a collator knows, and may ignore some of it

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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


def _longest_first(features: list[Feature]) -> list[Feature]:
    return sorted(features, key=lambda f: -len(f["input_ids"]))  # type: ignore[arg-type]


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
            _ordered(_longest_first),
        ),
        Misconception(
            "The rows seem to be in reverse order. Row i belongs to features[i].",
            _ordered(lambda features: features[::-1]),
        ),
    ),
)


LABELS: Part = (
    lambda features, pads: [f["label"] for f in features],
    (
        Misconception(
            "The labels seem to be sorted by the pairs' lengths. Element i belongs to features[i], as row i does.",
            lambda features, pads: [f["label"] for f in _by_length(features)],
        ),
        Misconception(
            "The labels seem to be sorted by the pairs' lengths, the longest first. Element i belongs to features[i], "
            "as row i does.",
            lambda features, pads: [f["label"] for f in _longest_first(features)],
        ),
        Misconception(
            "The labels seem to be in reverse order. Element i belongs to features[i].",
            lambda features, pads: [f["label"] for f in features[::-1]],
        ),
        Misconception(
            "The labels seem to be turned round: 1 means equivalent, and stays 1.",
            lambda features, pads: [1 - f["label"] for f in features],
        ),
        Misconception(
            "The labels are all 0. They come with the features, under the key 'label'.",
            lambda features, pads: [0 for _ in features],
        ),
    ),
)


def which(part: Part, look: Callable[..., Any]) -> str:
    """The sentence of the misconception that fills a part of the battery's batches as `look(features, pads)` found."""
    truth, misconceptions = part
    return diagnose(outputs(look, battery()), battery(), truth, misconceptions)


def batches_for_width() -> list[Batch]:
    """The battery, a batch of longer pairs than any before it, the battery's first once more, a very long pair."""
    words = list(range(100, 160))
    long = [_feature(words[:18], words[18:37], 0), _feature(words[:3], words[50:53], 1)]
    pads = Pads("right", "[PAD]", 0)
    return [*battery(), (long, pads), battery()[0], ([_feature(words * 10, words * 8, 1)], pads)]


def which_width(look: Callable[..., int]) -> str:
    """What to say where `look(features, pads)`, the width of a batch, is not that of its longest pair."""
    batches = batches_for_width()
    longest = [max(_lengths(features)) for features, _ in batches]
    shortest = [min(_lengths(features)) for features, _ in batches]
    *usual, of_the_very_long = outputs(look, batches)
    usually_longest = longest[:-1]
    widths = [*usual, of_the_very_long]
    if widths == longest or not all(isinstance(width, int) for width in usual):
        return ""
    if len(set(usual)) == 1:
        return (
            f"Every batch seems to be padded to {usual[0]}. Dynamic padding goes as far as this batch's longest pair: "
            "all beyond is work for nothing."
        )
    if usual[-2] == usually_longest[-2] == usual[-1]:
        return (
            "The width seems to be that of the longest pair so far: it is kept from batch to batch, and only grows. "
            "Each batch is as wide as its own longest pair."
        )
    for multiple in (32, 16, 8, 4):
        if usual == [-(-n // multiple) * multiple for n in usually_longest]:
            return (
                f"The widths seem to be rounded up to multiples of {multiple}. That may help some GPUs; asked for is "
                "the length of the longest pair itself."
            )
    if usual == shortest[:-1]:
        return "Every pair seems to be cut to the shortest of the batch. Nothing may be lost: the shorter ones grow."
    if isinstance(of_the_very_long, int) and widths == [min(n, max(widths)) for n in longest]:
        return (
            f"Pairs seem to be cut to {max(widths)} tokens. What is too long for the model has been cut when it was "
            "tokenized; a collator only adds."
        )
    return ""


# -- the batch as a whole ---------------------------------------------------------------------------------------------

ALWAYS_THE_SAME = (
    "The same batch comes back whatever the features are. Was it taken over from an example? It has to be made of what "
    "is given."
)
WITHOUT = {
    "token_type_ids": (
        "The token_type_ids are dropped. Without them the model takes both sentences for one: pad them as you pad the "
        "ids."
    ),
    "attention_mask": (
        "The attention_mask is dropped. Without it the model reads the padding as if it were text: pad it as you pad "
        "the ids."
    ),
    "labels": "There are no labels in the batch. Without them the model computes no loss, and nothing can be trained.",
    "input_ids": "There are no input_ids in the batch: they are what the model reads.",
}
OLD_KEY = (
    "The classes are still under 'label', the data set's name for them. Every key goes to the model's forward(), which "
    "knows them as 'labels'."
)
SURPLUS = (
    "The batch has more keys than the model takes. Every key goes to the model's forward() as an argument, and a name "
    "that it does not know is an error there."
)
NO_TENSORS = (
    "What comes back are {}. Padding makes rows of one length, and a model computes with tensors: that last step is "
    "the collator's as well."
)
FLOAT_LABELS = (
    "The labels are floats, as for a regression. Classes are counted in whole numbers: the loss takes a label for the "
    "number of a column."
)
PADDED_LABELS = (
    "The labels have two dimensions, as if they were padded, or a row each. There is one label for each pair, so they "
    "are n numbers in one dimension."
)
OTHER_NUMBERS = (
    "The numbers are of another type than int64. Ids are looked up in a table, and classes are counted: both are whole "
    "numbers of 64 bits in torch."
)


def which_batch(batches: Sequence[Mapping[str, Any]]) -> str:
    """What to say of the batches that were made from the battery, from their keys and types; "" where they are right.

    A value is what crossed from the student's side: a list, or something with `kind`, `dtype` and `data`.
    """
    if not batches:
        return ""
    batch = batches[0]
    if "labels" not in batch and "label" in batch:
        return OLD_KEY
    for key, sentence in WITHOUT.items():
        if key not in batch:
            return sentence
    if len(batch) > len(WITHOUT):
        return SURPLUS
    kinds = {getattr(batch[key], "kind", "list") for key in WITHOUT}
    if kinds != {"tensor"}:
        return NO_TENSORS.format("numpy arrays" if "ndarray" in kinds else "lists")
    if batch["labels"].data.ndim > 1:
        return PADDED_LABELS
    if batch["labels"].dtype.startswith(("float", "bfloat")):
        return FLOAT_LABELS
    if any(batch[key].dtype != "int64" for key in WITHOUT):
        return OTHER_NUMBERS
    tables = [getattr(one.get("input_ids"), "data", None) for one in batches]
    rows = [table.tolist() for table in tables if table is not None]
    return ALWAYS_THE_SAME if len(rows) == len(battery()) and all(one == rows[0] for one in rows) else ""


def which_change(given: Sequence[Feature], afterwards: Sequence[Mapping[str, Any]]) -> str:
    """What to say where features were not left as they were given, else ""."""
    if list(given) == list(afterwards) or not all(isinstance(now, Mapping) for now in afterwards):
        return ""
    if sorted(map(repr, given)) == sorted(map(repr, afterwards)):
        return (
            "The list of features was sorted or turned round in place. It is the Trainer's; sorted() makes a new one."
        )
    if any(set(was) - set(now) for was, now in zip(given, afterwards, strict=False)):
        return (
            "pop() or del takes a key out of a feature for good. The dicts are the data set's own, and in the next "
            "epoch the key is missing: read it, and build new dicts."
        )
    if any(set(now) - set(was) for was, now in zip(given, afterwards, strict=False)):
        return "A key was put into the features. The dicts are the data set's own: put it into the batch, which is new."
    return (
        "The padding was put into the features' own lists: append(), extend(), insert() and += change a list in place, "
        "and the next epoch finds it padded. A sum of two lists is a new one."
    )
