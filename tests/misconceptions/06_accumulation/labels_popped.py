"""Gradient accumulation.

misconception: the batch belongs to the function
caught_by: test_leaves_mode_weights_and_batch_as_they_were
diagnosis: pop()
"""

import torch.nn.functional as F


def accumulate_gradients(model, batch, micro_batch_size):
    labels = batch.pop("labels")
    n = len(labels)
    total = 0.0
    for i in range(0, n, micro_batch_size):
        inputs = {k: v[i : i + micro_batch_size] for k, v in batch.items()}
        loss = F.cross_entropy(model(**inputs).logits, labels[i : i + micro_batch_size], reduction="sum") / n
        loss.backward()
        total += loss.item()
    return total


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
