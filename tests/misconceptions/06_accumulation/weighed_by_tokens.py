"""Gradient accumulation, each micro-batch weighed.

misconception: a micro-batch counts by its tokens
caught_by: test_equal_micro_batches_leave_the_full_batchs_gradient
diagnosis: not by their rows
"""

import torch.nn.functional as F


def accumulate_gradients(model, batch, micro_batch_size):
    tokens = batch["attention_mask"].sum()
    n = len(batch["labels"])
    total = 0.0
    for i in range(0, n, micro_batch_size):
        micro_batch = {k: v[i : i + micro_batch_size] for k, v in batch.items()}
        loss = model(**micro_batch).loss
        (loss * micro_batch["attention_mask"].sum() / tokens).backward()
        total += loss.item() * len(micro_batch["labels"]) / n
    return total


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
