"""Gradient accumulation, all of it.

misconception: accumulating ends with a step of the optimiser
caught_by: test_leaves_mode_weights_and_batch_as_they_were
diagnosis: optimiser took a step
"""

import torch
import torch.nn.functional as F


def accumulate_gradients(model, batch, micro_batch_size):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    n = len(batch["labels"])
    total = 0.0
    for i in range(0, n, micro_batch_size):
        micro_batch = {k: v[i : i + micro_batch_size] for k, v in batch.items()}
        loss = model(**micro_batch).loss * len(micro_batch["labels"]) / n
        loss.backward()
        total += loss.item()
    optimizer.step()
    return total


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
