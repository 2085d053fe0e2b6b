"""Gradient accumulation.

misconception: adding up the losses and going backward once is the same
caught_by: test_keeps_one_micro_batchs_graph_at_a_time
diagnosis: in memory at once
"""

import torch.nn.functional as F


def accumulate_gradients(model, batch, micro_batch_size):
    n = len(batch["labels"])
    total = 0
    for i in range(0, n, micro_batch_size):
        micro_batch = {k: v[i : i + micro_batch_size] for k, v in batch.items()}
        total = total + model(**micro_batch).loss * len(micro_batch["labels"])
    mean = total / n
    mean.backward()
    return mean.item()


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
