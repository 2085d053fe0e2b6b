"""Gradient accumulation.

misconception: n // micro_batch_size steps take all rows
caught_by: test_a_smaller_last_micro_batch_counts_by_its_rows
diagnosis: left out
"""

import torch.nn.functional as F


def accumulate_gradients(model, batch, micro_batch_size):
    n = len(batch["labels"])
    num_steps = n // micro_batch_size
    running = 0.0
    for step in range(num_steps):
        begin, end = step * micro_batch_size, (step + 1) * micro_batch_size
        loss = model(**{k: v[begin:end] for k, v in batch.items()}).loss / num_steps
        loss.backward()
        running += loss.item()
    return running


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
