"""Gradient accumulation with chunk.

misconception: n // micro_batch_size parts have at most micro_batch_size rows
caught_by: test_keeps_one_micro_batchs_graph_at_a_time
diagnosis: larger than micro_batch_size
"""

import torch.nn.functional as F


def accumulate_gradients(model, batch, micro_batch_size):
    n = len(batch["labels"])
    parts = {k: v.chunk(max(1, n // micro_batch_size)) for k, v in batch.items()}
    total = 0.0
    for i in range(len(parts["labels"])):
        micro_batch = {k: chunks[i] for k, chunks in parts.items()}
        loss = model(**micro_batch).loss * (len(micro_batch["labels"]) / n)
        loss.backward()
        total += loss.item()
    return total


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
