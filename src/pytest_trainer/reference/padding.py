"""Padding a batch of tokenized pairs to its longest, and taking the padding off again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from numpy.typing import NDArray

Feature: TypeAlias = dict[str, list[int] | int]
"""A tokenized pair: `input_ids`, `token_type_ids`, `attention_mask` (lists of one length) and `label`."""

SEQUENCES = ("input_ids", "token_type_ids", "attention_mask")


def pad(
    features: Sequence[Feature],
    pad_token_id: int,
    pad_token_type_id: int,
    padding_side: Literal["left", "right"],
) -> dict[str, NDArray[Any]]:
    """Return the batch of `features`, padded to its longest; every array is int64.

    `input_ids`, `token_type_ids` and `attention_mask` have the shape (n, longest), `labels` has (n,).
    Raises ValueError for an empty batch, and for a side that is neither "left" nor "right".
    """
    import numpy as np

    if padding_side not in ("left", "right"):
        raise ValueError(f"padding_side must be 'left' or 'right', not {padding_side!r}")
    if not features:
        raise ValueError("an empty batch has no longest pair to pad to")
    lengths = [len(feature["input_ids"]) for feature in features]  # type: ignore[arg-type]  # a list by its key
    longest = max(lengths)
    batch: dict[str, NDArray[Any]] = {}
    for key, fill in zip(SEQUENCES, (pad_token_id, pad_token_type_id, 0), strict=True):
        batch[key] = np.full((len(features), longest), fill, dtype=np.int64)
        for row, length in enumerate(lengths):
            own = slice(longest - length, longest) if padding_side == "left" else slice(length)
            batch[key][row, own] = features[row][key]
    batch["labels"] = np.array([feature["label"] for feature in features], dtype=np.int64)
    return batch


def unpad(batch: Mapping[str, NDArray[Any]]) -> list[Feature]:
    """Return the features that a padded batch was made of: what stands where `attention_mask` is 1."""
    features: list[Feature] = []
    for row, own in enumerate(batch["attention_mask"] == 1):
        feature: Feature = {key: batch[key][row][own].tolist() for key in SEQUENCES}
        feature["label"] = int(batch["labels"][row])
        features.append(feature)
    return features
