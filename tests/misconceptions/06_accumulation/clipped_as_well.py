"""Gradient accumulation, as in a training loop.

misconception: gradients are clipped before they are handed on
caught_by: test_equal_micro_batches_leave_the_full_batchs_gradient
diagnosis: too small by one factor
"""

import torch
import torch.nn.functional as F


def accumulate_gradients(model, batch, micro_batch_size):
    n = len(batch["labels"])
    total = 0.0
    for i in range(0, n, micro_batch_size):
        micro_batch = {k: v[i : i + micro_batch_size] for k, v in batch.items()}
        loss = model(**micro_batch).loss * (len(micro_batch["labels"]) / n)
        loss.backward()
        total += loss.item()
    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
    return total


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
