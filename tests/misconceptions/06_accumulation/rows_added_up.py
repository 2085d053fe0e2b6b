"""Gradient accumulation with sums.

misconception: with reduction='sum' nothing has to be divided
caught_by: test_equal_micro_batches_leave_the_full_batchs_gradient
diagnosis: never divided
"""

import torch.nn.functional as F


def accumulate_gradients(model, batch, micro_batch_size):
    n = len(batch["labels"])
    summed = 0.0
    for i in range(0, n, micro_batch_size):
        mb = {k: v[i : i + micro_batch_size] for k, v in batch.items()}
        labels = mb.pop("labels")
        loss = F.cross_entropy(model(**mb).logits, labels, reduction="sum")
        loss.backward()
        summed += loss.item()
    return summed / n


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
