"""Gradient accumulation with a DataLoader.

misconception: a DataLoader that drops the last, incomplete batch
caught_by: test_a_smaller_last_micro_batch_counts_by_its_rows
diagnosis: left out
"""

import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


def accumulate_gradients(model, batch, micro_batch_size):
    keys = list(batch)
    loader = DataLoader(TensorDataset(*batch.values()), batch_size=micro_batch_size, drop_last=True)
    n = len(batch["labels"])
    total = 0.0
    for tensors in loader:
        micro_batch = dict(zip(keys, tensors))
        loss = model(**micro_batch).loss * (len(micro_batch["labels"]) / n)
        loss.backward()
        total += loss.item()
    return total


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
