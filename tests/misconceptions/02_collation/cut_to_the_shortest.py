"""A collator.

misconception: rows of one length are made by cutting them to the shortest
caught_by: test_pads_to_the_longest_pair_of_the_batch_and_no_further
diagnosis: cut to the shortest
"""

import torch


def collate(features, tokenizer):
    min_len = min(len(f["input_ids"]) for f in features)
    return {
        "input_ids": torch.tensor([f["input_ids"][:min_len] for f in features]),
        "token_type_ids": torch.tensor([f["token_type_ids"][:min_len] for f in features]),
        "attention_mask": torch.tensor([f["attention_mask"][:min_len] for f in features]),
        "labels": torch.tensor([f["label"] for f in features]),
    }
