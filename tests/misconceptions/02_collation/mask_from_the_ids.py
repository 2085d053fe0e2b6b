"""A collator.

misconception: the mask can be told from the ids, since only padding has the pad id
caught_by: test_attention_mask_is_1_on_the_pairs_own_tokens_and_0_on_padding
diagnosis: guessed from the ids
"""

import torch
from torch.nn.utils.rnn import pad_sequence


def collate(features, tokenizer):
    left = tokenizer.padding_side == "left"

    def padded(key, value):
        rows = [torch.tensor(f[key]) for f in features]
        if left:
            rows = [row.flip(0) for row in rows]
        out = pad_sequence(rows, batch_first=True, padding_value=value)
        return out.flip(1) if left else out

    input_ids = padded("input_ids", tokenizer.pad_token_id)
    return {
        "input_ids": input_ids,
        "attention_mask": (input_ids != tokenizer.pad_token_id).long(),
        "token_type_ids": padded("token_type_ids", tokenizer.pad_token_type_id),
        "labels": torch.tensor([f["label"] for f in features]),
    }
