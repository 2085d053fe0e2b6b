"""A collator.

misconception: every tensor of a batch has two dimensions, a row for each pair
caught_by: test_label_becomes_labels_of_int64
diagnosis: one label for each pair
"""

import torch
from transformers import DataCollatorWithPadding


def collate(features, tokenizer):
    labels = torch.tensor([[f["label"]] for f in features])
    inputs = [{k: v for k, v in f.items() if k != "label"} for f in features]
    batch = DataCollatorWithPadding(tokenizer)(inputs)
    return {**batch, "labels": labels}
