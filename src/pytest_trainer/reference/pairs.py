"""Sentence pairs as a model gets them: which pair a row of a batch is, however it was tokenized."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from pytest_trainer.grading import expect

SAMPLE = ("The bank bought the firm.", "The firm was bought by the bank.")


def as_pair(tokenizer: Any, *texts: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """(input_ids, token_type_ids) of a pair as one sequence with two segments; of one text, with one."""
    encoded = tokenizer(*texts, truncation=True)
    return tuple(encoded["input_ids"]), tuple(encoded["token_type_ids"])


def own_tokens(batch: object, what: str, beside: str = "labels") -> list[tuple[tuple[int, ...], Any]]:
    """For each row of a batch, its ids without the padding, and what stands beside them.

    `beside` is "labels" (an int for each row) or a key of the same shape as the ids. Raises `WrongAnswer` where the
    batch lacks what it takes.
    """
    rows = expect.mapping(batch, what, keys=("input_ids", "attention_mask", beside), extra=True)
    ids = expect.tensor(rows["input_ids"], f"{what}: input_ids", ndim=2)
    mask = expect.tensor(rows["attention_mask"], f"{what}: attention_mask", ndim=2) == 1
    other = expect.tensor(rows[beside], f"{what}: {beside}")
    if mask.shape != ids.shape or len(other) != len(ids):
        raise expect.wrong(f"{what}: input_ids, attention_mask and {beside} do not have the same number of rows.")
    if other.ndim == 1:
        return [(tuple(row[own].tolist()), label) for row, own, label in zip(ids, mask, other.tolist(), strict=True)]
    return [
        (tuple(row[own].tolist()), tuple(types[own].tolist())) for row, own, types in zip(ids, mask, other, strict=True)
    ]


def pair_of_tokens(
    tokens: tuple[int, ...], known: Mapping[tuple[int, ...], int], special: Collection[int]
) -> int | None:
    """The number of the pair whose first or second sentence these tokens begin with; None for a stranger.

    `known` gives a sentence's tokens the number of its pair. Where one sentence begins another, the longest counts.
    """
    start = 0
    while start < len(tokens) and tokens[start] in special:
        start += 1
    body = tokens[start:]
    for length in range(len(body), 0, -1):
        if body[:length] in known:
            return known[body[:length]]
    return None
