"""Exercise 02: turn tokenized pairs of different lengths into one batch of tensors."""

from collections.abc import Mapping

import torch
from transformers import DataCollatorWithPadding, PreTrainedTokenizerBase


def collate(
    features: list[dict[str, list[int] | int]], tokenizer: PreTrainedTokenizerBase
) -> Mapping[str, torch.Tensor]:
    """Collate tokenized sentence pairs into one batch, padded to its longest pair and no further.

    Args:
        features: n >= 1 pairs, as the Trainer hands them to a collator for MRPC. Each is a dict
            with exactly four keys: `input_ids`, `token_type_ids` and `attention_mask` are plain
            lists of ints, all three as long as this pair is (the mask is all ones); `label` is an
            int, 0 or 1. Lengths differ from pair to pair.
        tokenizer: knows how to pad: `pad_token_id`, `pad_token_type_id` and `padding_side`
            ("right" or "left"). None of the three may be taken for granted.

    Returns:
        A mapping (a dict will do) with exactly these four keys, each value a `torch.int64` tensor.
        L is the length of the longest pair in `features`; row i belongs to `features[i]`.

        - `input_ids` (n, L): padded with `tokenizer.pad_token_id`.
        - `token_type_ids` (n, L): padded with `tokenizer.pad_token_type_id`.
        - `attention_mask` (n, L): 1 at the pair's own tokens, 0 at the padding.
        - `labels` (n,): each pair's `label`, under the name that the model's `forward` expects.

        The padding follows a pair's own tokens where `tokenizer.padding_side` is "right", and
        precedes them where it is "left".

    `features`, the dicts and lists in it, and the tokenizer are left as they were given.
    """
    return DataCollatorWithPadding(tokenizer)(features)
