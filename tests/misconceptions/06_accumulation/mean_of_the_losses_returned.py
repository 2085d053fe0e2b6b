"""Gradient accumulation.

misconception: the mean of the micro-batches' losses is the mean loss
caught_by: test_returns_the_mean_loss_with_a_smaller_last_micro_batch
diagnosis: counts for more
"""

import numpy as np
import torch.nn.functional as F


def accumulate_gradients(model, batch, micro_batch_size):
    n = len(batch["labels"])
    losses = []
    for i in range(0, n, micro_batch_size):
        micro_batch = {k: v[i : i + micro_batch_size] for k, v in batch.items()}
        loss = model(**micro_batch).loss
        (loss * len(micro_batch["labels"]) / n).backward()
        losses.append(loss.item())
    return np.mean(losses)


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
