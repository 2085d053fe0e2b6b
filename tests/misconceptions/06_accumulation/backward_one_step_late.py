"""Gradient accumulation.

misconception: the backward pass may wait for the next forward pass
caught_by: test_keeps_one_micro_batchs_graph_at_a_time
diagnosis: one step late
"""

import torch.nn.functional as F


def accumulate_gradients(model, batch, micro_batch_size):
    n = len(batch["labels"])
    total, pending = 0.0, None
    for i in range(0, n, micro_batch_size):
        micro_batch = {k: v[i : i + micro_batch_size] for k, v in batch.items()}
        loss = model(**micro_batch).loss * len(micro_batch["labels"]) / n
        if pending is not None:
            pending.backward()
        pending = loss
        total += loss.item()
    pending.backward()
    return total


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
