"""Gradient accumulation.

misconception: what counts is left on the model
caught_by: test_returns_the_mean_loss_of_equal_micro_batches
diagnosis: return
"""

import torch.nn.functional as F


def accumulate_gradients(model, batch, micro_batch_size):
    n = len(batch["labels"])
    for i in range(0, n, micro_batch_size):
        micro_batch = {k: v[i : i + micro_batch_size] for k, v in batch.items()}
        loss = model(**micro_batch).loss * (len(micro_batch["labels"]) / n)
        loss.backward()
        print(f"rows {i}-{i + micro_batch_size}: {loss.item():.4f}")


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
