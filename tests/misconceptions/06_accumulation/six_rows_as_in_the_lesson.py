"""Gradient accumulation, as in the lesson's example.

misconception: the shares of the example, 4/6 and 2/6, are divided by 6 always
caught_by: test_equal_micro_batches_leave_the_full_batchs_gradient
diagnosis: 6 rows of the lesson
"""

import torch
import torch.nn.functional as F


def accumulate_gradients(model, batch, micro_batch_size):
    total = 0.0
    parts = {key: torch.split(tensor, micro_batch_size) for key, tensor in batch.items()}
    for i in range(len(parts["labels"])):
        micro_batch = {key: part[i] for key, part in parts.items()}
        share = len(micro_batch["labels"]) / 6
        loss = model(**micro_batch).loss * share
        loss.backward()
        total += loss.item()
    return total


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
