"""Sums first, one division at the end.

misconception: what is in .grad at the end is all from this batch
caught_by: test_adds_to_the_gradients_that_are_there
diagnosis: divided
"""

import torch
import torch.nn.functional as F


def accumulate_gradients(model, batch, micro_batch_size):
    n = len(batch["labels"])
    total = 0.0
    for i in range(0, n, micro_batch_size):
        labels = batch["labels"][i : i + micro_batch_size]
        inputs = {k: v[i : i + micro_batch_size] for k, v in batch.items() if k != "labels"}
        loss = F.cross_entropy(model(**inputs).logits, labels, reduction="sum")
        loss.backward()
        total += loss.item()
    with torch.no_grad():
        for p in model.parameters():
            p.grad /= n
    return total / n


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
