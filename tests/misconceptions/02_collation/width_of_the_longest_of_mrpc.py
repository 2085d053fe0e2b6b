"""A collator, after the table of the lesson.

misconception: the longest pair of the data set has 103 tokens, so 103 is always enough
caught_by: test_pads_to_the_longest_pair_of_the_batch_and_no_further
diagnosis: padded to 103
"""

import numpy as np
import torch


def collate(features, tokenizer):
    n, width = len(features), 103
    input_ids = np.full((n, width), tokenizer.pad_token_id)
    token_type_ids = np.full((n, width), tokenizer.pad_token_type_id)
    attention_mask = np.zeros((n, width), dtype=np.int64)
    for i, feature in enumerate(features):
        length = len(feature["input_ids"])
        place = slice(0, length) if tokenizer.padding_side == "right" else slice(width - length, width)
        input_ids[i, place] = feature["input_ids"]
        token_type_ids[i, place] = feature["token_type_ids"]
        attention_mask[i, place] = 1
    return {
        "input_ids": torch.from_numpy(input_ids),
        "token_type_ids": torch.from_numpy(token_type_ids),
        "attention_mask": torch.from_numpy(attention_mask),
        "labels": torch.LongTensor([feature["label"] for feature in features]),
    }
