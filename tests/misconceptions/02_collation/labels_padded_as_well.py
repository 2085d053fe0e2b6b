"""A collator.

misconception: labels are padded like everything else, with -100
caught_by: test_label_becomes_labels_of_int64
diagnosis: one label for each pair
"""

import torch
from torch.nn.utils.rnn import pad_sequence


def collate(features, tokenizer):
    fillers = {
        "input_ids": tokenizer.pad_token_id,
        "token_type_ids": tokenizer.pad_token_type_id,
        "attention_mask": 0,
        "labels": -100,
    }
    rows = [
        {
            "input_ids": f["input_ids"],
            "token_type_ids": f["token_type_ids"],
            "attention_mask": f["attention_mask"],
            "labels": [f["label"]] * len(f["input_ids"]),
        }
        for f in features
    ]
    return {
        key: pad_sequence(
            [torch.tensor(row[key]) for row in rows],
            batch_first=True,
            padding_value=filler,
            padding_side=tokenizer.padding_side,
        )
        for key, filler in fillers.items()
    }
