"""A loss for the Trainer.

misconception: without num_items_in_batch there is nothing to divide by
caught_by: test_mean_loss_is_the_mean_where_nobody_has_counted
diagnosis: their mean is asked for
"""

import torch.nn.functional as F

def accumulate_gradients(model, batch, micro_batch_size):
    n = batch["labels"].shape[0]
    total = 0.0
    for start in range(0, n, micro_batch_size):
        micro = {k: v[start:start + micro_batch_size] for k, v in batch.items()}
        loss = model(**micro).loss * micro["labels"].shape[0] / n
        loss.backward()
        total += loss.item()
    return total


def mean_loss(outputs, labels, num_items_in_batch=None):
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / (num_items_in_batch or 1)
