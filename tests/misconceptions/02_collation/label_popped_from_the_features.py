"""A collator.

misconception: the features belong to the collator, which may take them apart
caught_by: test_leaves_its_input_unchanged
diagnosis: takes a key out
"""

import torch


def collate(features, tokenizer):
    labels = [feature.pop("label") for feature in features]
    batch = tokenizer.pad(features, return_tensors="pt")
    batch["labels"] = torch.tensor(labels)
    return batch
