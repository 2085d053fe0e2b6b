"""Gradient accumulation.

misconception: backward() for each micro-batch is all there is to it
caught_by: test_equal_micro_batches_leave_the_full_batchs_gradient
diagnosis: grows with the number of micro-batches
"""

import torch.nn.functional as F


def accumulate_gradients(model, batch, micro_batch_size):
    n = len(batch["labels"])
    weighted = 0.0
    for i in range(0, n, micro_batch_size):
        micro_batch = {k: v[i : i + micro_batch_size] for k, v in batch.items()}
        outputs = model(**micro_batch)
        outputs.loss.backward()
        weighted += outputs.loss.item() * len(micro_batch["labels"])
    return weighted / n


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
