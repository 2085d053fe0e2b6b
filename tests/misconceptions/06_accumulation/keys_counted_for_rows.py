"""Gradient accumulation.

misconception: len(batch) is the number of rows
caught_by: test_equal_micro_batches_leave_the_full_batchs_gradient
diagnosis: number of its keys
"""

import torch.nn.functional as F


def accumulate_gradients(model, batch, micro_batch_size):
    total_loss = 0.0
    for i in range(0, len(batch), micro_batch_size):
        micro_batch = {k: v[i : i + micro_batch_size] for k, v in batch.items()}
        loss = model(**micro_batch).loss * len(micro_batch["labels"]) / len(batch)
        loss.backward()
        total_loss += loss.item()
    return total_loss


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
