"""A collator.

misconception: the features belong to the collator, which may take them apart
caught_by: the features left as they were given
"""

import torch


def collate(features, tokenizer):
    labels = [feature.pop("label") for feature in features]
    batch = tokenizer.pad(features, return_tensors="pt")
    batch["labels"] = torch.tensor(labels)
    return batch
