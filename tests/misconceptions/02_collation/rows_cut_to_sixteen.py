"""A collator.

misconception: long pairs are cut when the batch is made, so that it stays small
caught_by: test_removing_the_padding_gives_back_the_input_in_its_order
diagnosis: cut to 16
"""

import torch

MAX_LEN = 16


def collate(features, tokenizer):
    cut = [
        {
            "input_ids": f["input_ids"][:MAX_LEN],
            "token_type_ids": f["token_type_ids"][:MAX_LEN],
            "attention_mask": f["attention_mask"][:MAX_LEN],
        }
        for f in features
    ]
    batch = tokenizer.pad(cut, padding="longest", return_tensors="pt")
    batch["labels"] = torch.tensor([f["label"] for f in features], dtype=torch.long)
    return batch
