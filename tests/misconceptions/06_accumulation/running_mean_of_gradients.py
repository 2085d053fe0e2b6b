"""Gradient accumulation as a running mean.

misconception: the mean of the micro-batches' gradients is the batch's
caught_by: test_a_smaller_last_micro_batch_counts_by_its_rows
diagnosis: counts for more
"""

import torch.nn.functional as F


def accumulate_gradients(model, batch, micro_batch_size):
    n = len(batch["labels"])
    total = 0.0
    for i in range(0, n, micro_batch_size):
        micro_batch = {k: v[i : i + micro_batch_size] for k, v in batch.items()}
        k = i // micro_batch_size
        loss = model(**micro_batch).loss
        for p in model.parameters():
            if p.grad is not None and k > 0:
                p.grad *= k / (k + 1)
        (loss / (k + 1)).backward()
        total += loss.item() * len(micro_batch["labels"]) / n
    return total


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
