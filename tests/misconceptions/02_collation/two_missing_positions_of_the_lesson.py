"""A collator.

misconception: the shorter of two pairs lacks two positions, as in the example
caught_by: test_returns_exactly_the_four_tensors_that_the_model_takes
diagnosis: Rows of different lengths
"""

import torch


def collate(features, tokenizer):
    batch = {"input_ids": [], "token_type_ids": [], "attention_mask": [], "labels": []}
    longest = max(features, key=lambda f: len(f["input_ids"]))
    for f in features:
        missing = 0 if f is longest else 2
        batch["input_ids"].append(f["input_ids"] + [tokenizer.pad_token_id] * missing)
        batch["token_type_ids"].append(f["token_type_ids"] + [tokenizer.pad_token_type_id] * missing)
        batch["attention_mask"].append(f["attention_mask"] + [0] * missing)
        batch["labels"].append(f["label"])
    return {key: torch.tensor(rows) for key, rows in batch.items()}
