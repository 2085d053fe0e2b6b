"""A collator.

misconception: padding always goes behind the tokens, whatever the tokenizer says
caught_by: test_pads_on_the_side_that_the_tokenizer_names
diagnosis: follow a pair's tokens whatever
"""

import torch


def collate(features, tokenizer):
    max_len = max(len(f["input_ids"]) for f in features)

    input_ids, token_type_ids, attention_mask, labels = [], [], [], []
    for f in features:
        pad_len = max_len - len(f["input_ids"])
        input_ids.append(f["input_ids"] + [tokenizer.pad_token_id] * pad_len)
        token_type_ids.append(f["token_type_ids"] + [tokenizer.pad_token_type_id] * pad_len)
        attention_mask.append(f["attention_mask"] + [0] * pad_len)
        labels.append(f["label"])

    return {
        "input_ids": torch.tensor(input_ids, dtype=torch.long),
        "token_type_ids": torch.tensor(token_type_ids, dtype=torch.long),
        "attention_mask": torch.tensor(attention_mask, dtype=torch.long),
        "labels": torch.tensor(labels, dtype=torch.long),
    }
