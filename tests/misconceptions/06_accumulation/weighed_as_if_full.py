"""Gradient accumulation.

misconception: each micro-batch has micro_batch_size rows
caught_by: test_a_smaller_last_micro_batch_counts_by_its_rows
diagnosis: as if it had micro_batch_size rows
"""

import torch.nn.functional as F


def accumulate_gradients(model, batch, micro_batch_size):
    total_rows = batch["labels"].numel()
    mean = 0.0
    for i in range(0, total_rows, micro_batch_size):
        micro_batch = {k: v[i : i + micro_batch_size] for k, v in batch.items()}
        loss = model(**micro_batch).loss
        (loss * micro_batch_size / total_rows).backward()
        mean += loss.item() * len(micro_batch["labels"]) / total_rows
    return mean


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
