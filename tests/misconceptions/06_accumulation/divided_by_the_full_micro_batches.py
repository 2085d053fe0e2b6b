"""Gradient accumulation.

misconception: the number of micro-batches is n // micro_batch_size
caught_by: test_a_smaller_last_micro_batch_counts_by_its_rows
diagnosis: counts for more
"""

import torch.nn.functional as F


def accumulate_gradients(model, batch, micro_batch_size):
    n = len(batch["labels"])
    steps = max(1, n // micro_batch_size)
    losses = []
    for i in range(0, n, micro_batch_size):
        part = {k: t[i : i + micro_batch_size] for k, t in batch.items()}
        loss = model(**part).loss
        (loss / steps).backward()
        losses += [loss.item()] * len(part["labels"])
    return sum(losses) / n


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
