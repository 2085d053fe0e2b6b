"""A collator.

misconception: padding belongs to the first sentence, so its token type is always 0
caught_by: test_token_type_ids_tell_the_two_sentences_apart
diagnosis: token_type_ids seems to be 0
"""

import numpy as np
import torch


def collate(features, tokenizer):
    n = len(features)
    longest = max(len(f["input_ids"]) for f in features)
    input_ids = np.full((n, longest), tokenizer.pad_token_id)
    token_type_ids = np.zeros((n, longest))
    attention_mask = np.zeros((n, longest))
    for i, f in enumerate(features):
        k = len(f["input_ids"])
        where = slice(longest - k, None) if tokenizer.padding_side == "left" else slice(0, k)
        input_ids[i, where] = f["input_ids"]
        token_type_ids[i, where] = f["token_type_ids"]
        attention_mask[i, where] = 1
    labels = np.array([f["label"] for f in features])
    return {
        "input_ids": torch.from_numpy(input_ids).long(),
        "token_type_ids": torch.from_numpy(token_type_ids).long(),
        "attention_mask": torch.from_numpy(attention_mask).long(),
        "labels": torch.from_numpy(labels).long(),
    }
