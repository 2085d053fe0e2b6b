"""Gradient accumulation.

misconception: the losses of the micro-batches are added up for the log
caught_by: test_returns_the_mean_loss_of_equal_micro_batches
diagnosis: grows with the number
"""

import torch.nn.functional as F


def accumulate_gradients(model, batch, micro_batch_size):
    n = len(batch["labels"])
    running_loss = 0.0
    for i in range(0, n, micro_batch_size):
        micro_batch = {k: v[i : i + micro_batch_size] for k, v in batch.items()}
        loss = model(**micro_batch).loss
        (loss * len(micro_batch["labels"]) / n).backward()
        running_loss += loss.item()
    return running_loss


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
