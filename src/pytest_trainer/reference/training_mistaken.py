"""What to say of a training run that went wrong in a known way: each function takes what was seen, and gives a sentence
where it is what a known misconception makes, else "".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

Row: TypeAlias = tuple[tuple[int, ...], tuple[int, ...]]
"""Token ids and token types of one row of a batch, without its padding."""
Encode: TypeAlias = Callable[..., Row]
"""A tokenizer, called with one text or with two."""

USUAL_LENGTHS = (32, 48, 50, 64, 80, 100, 128, 150, 200, 256, 300, 384, 400, 500, 512)
OTHER_SPLITS = {
    ("train", "validation"): (
        "Pairs of 'validation' are among the training batches. What a model has trained on cannot tell how it does on "
        "new pairs."
    ),
    ("validation", "train"): (
        "The evaluation seems to run on pairs of 'train'. A model is praised there for its memory: evaluate on pairs "
        "that it has not seen."
    ),
    ("train", "test"): "Pairs of 'test' are among the training batches. That split is kept for the very end.",
    ("validation", "test"): "The evaluation seems to run on pairs of 'test'. Asked for is 'validation'.",
}


def which_pair(row: Row, first: str, second: str, encode: Encode) -> str:
    """What a row is that should have been `encode(first, second)`."""
    tokens, _ = row
    if row == encode(second, first):
        return "The two sentences seem to have changed places: sentence1 comes first."
    if row in (encode(first + " " + second), encode(first + second)):
        return (
            "The two sentences seem to be glued into one text before they are tokenized. Handed over as two, they "
            "become two segments, which the token types tell apart."
        )
    if tokens == encode(first, second)[0]:
        return (
            "The tokens are right, and the token types are not. They tell the second sentence from the first, and come "
            "out right where the two are handed over as two."
        )
    if row == encode(first):
        return "Only sentence1 seems to be tokenized. Whether two sentences say the same, one of them cannot tell."
    return ""


def which_limit(longest: int, uncut: int) -> str:
    """What `longest`, the most tokens of a row, tells where pairs of up to `uncut` tokens have another limit."""
    if longest == uncut:
        return "Nothing seems to be cut off. Truncation is something that one has to ask a tokenizer for."
    if longest in USUAL_LENGTHS:
        return (
            f"The pairs seem to be cut at a fixed length of {longest}. How much a model can take is in its tokenizer, "
            "and differs from model to model."
        )
    return ""


def which_width(widths: Sequence[int], longest: int) -> str:
    """What the widths of an epoch's batches tell, of which none should be wider than its own longest pair.

    `longest` is the number of tokens of the longest pair of them all.
    """
    if len(set(widths)) == 1 and widths[0] == longest:
        return (
            "The pairs seem to be padded while they are tokenized, to the longest of them all. Padding is best left to "
            "the moment when it is known which pairs share a batch."
        )
    if len(set(widths)) == 1:
        return (
            f"The pairs seem to be padded to {widths[0]}, whatever their batch. Padding is best left to the moment "
            "when it is known which pairs share a batch."
        )
    if all(width % 8 == 0 for width in widths):
        return "The widths seem to be rounded up to a multiple. Asked for is the length of the batch's longest pair."
    return ""


def which_split(rows: str, strangers: Mapping[str, bool]) -> str:
    """What strangers tell in batches that should hold the split `rows` alone; are they all of these other splits?"""
    found = [split for split, theirs in strangers.items() if theirs]
    return OTHER_SPLITS.get((rows, found[0]), "") if found else ""


def which_head(outputs: int, named: int) -> str:
    """What a head with so many outputs tells, where two were wanted and the checkpoint's config names `named`."""
    if outputs == named:
        return (
            f"The number of labels seems to be that of the checkpoint's config, which here names {named}. It says what "
            "that checkpoint was made for; yours tells two classes apart."
        )
    if outputs == 1:
        return "One output is what a regression has. Two classes have an output, a logit, each."
    return ""


def which_moment(came: float, moments: Mapping[str, float], within: float) -> str:
    """What a returned metric tells that is not the trained model's on validation.

    `moments` gives the metric of the model before the training ("fresh") and of the trained one on "train".
    """
    if abs(came - moments["fresh"]) <= within:
        return "The number is that of the model before its training: it seems to be evaluated too early."
    if abs(came - moments["train"]) <= within:
        return "The number is that of the training pairs. Evaluate on 'validation': pairs that the model has not seen."
    return ""
