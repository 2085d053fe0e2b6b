"""A collator.

misconception: once all rows have the same length, the model may look at all of it
caught_by: test_attention_mask_is_1_on_the_pairs_own_tokens_and_0_on_padding
diagnosis: 1 everywhere
"""

import torch


def collate(features, tokenizer):
    max_len = max([len(f["input_ids"]) for f in features])
    all_ids = []
    all_types = []
    all_labels = []

    for f in features:
        missing = max_len - len(f["input_ids"])
        ids = list(f["input_ids"])
        types = list(f["token_type_ids"])
        if tokenizer.padding_side == "right":
            ids = ids + [tokenizer.pad_token_id] * missing
            types = types + [tokenizer.pad_token_type_id] * missing
        else:
            ids = [tokenizer.pad_token_id] * missing + ids
            types = [tokenizer.pad_token_type_id] * missing + types
        all_ids.append(ids)
        all_types.append(types)
        all_labels.append(f["label"])

    input_ids = torch.tensor(all_ids)
    return {
        "input_ids": input_ids,
        "token_type_ids": torch.tensor(all_types),
        "attention_mask": torch.ones_like(input_ids),
        "labels": torch.tensor(all_labels),
    }
