"""Gradient accumulation.

misconception: dropout is switched off, for exact numbers, and stays off
caught_by: test_leaves_mode_weights_and_batch_as_they_were
diagnosis: mode was set and not put back
"""

import torch.nn.functional as F

def accumulate_gradients(model, batch, micro_batch_size):
    model.eval()
    n = batch["labels"].shape[0]
    total = 0.0
    for start in range(0, n, micro_batch_size):
        micro = {k: v[start:start + micro_batch_size] for k, v in batch.items()}
        loss = model(**micro).loss * micro["labels"].shape[0] / n
        loss.backward()
        total += loss.item()
    return total


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
