"""Gradient accumulation as most tutorials have it.

misconception: divide by the number of accumulation steps, whatever the sizes
caught_by: test_a_smaller_last_micro_batch_counts_by_its_rows
diagnosis: counts for more
"""

import math

import torch.nn.functional as F


def accumulate_gradients(model, batch, micro_batch_size):
    batch_size = batch["input_ids"].size(0)
    accumulation_steps = math.ceil(batch_size / micro_batch_size)
    total_loss = 0.0
    for step in range(accumulation_steps):
        micro_batch = {
            key: value[step * micro_batch_size : (step + 1) * micro_batch_size] for key, value in batch.items()
        }
        loss = model(**micro_batch).loss / accumulation_steps
        loss.backward()
        total_loss += loss.item()
    return total_loss


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
