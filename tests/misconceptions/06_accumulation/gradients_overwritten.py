"""Gradients by torch.autograd.grad.

misconception: .grad is set to the sum at the end
caught_by: test_adds_to_the_gradients_that_are_there
diagnosis: cleared or overwritten
"""

import torch
import torch.nn.functional as F


def accumulate_gradients(model, batch, micro_batch_size):
    parameters = list(model.parameters())
    sums = [torch.zeros_like(p) for p in parameters]
    n, total = len(batch["labels"]), 0.0
    for i in range(0, n, micro_batch_size):
        micro_batch = {k: v[i : i + micro_batch_size] for k, v in batch.items()}
        share = len(micro_batch["labels"]) / n
        loss = model(**micro_batch).loss
        for s, g in zip(sums, torch.autograd.grad(loss, parameters)):
            s += share * g
        total += share * loss.item()
    for p, s in zip(parameters, sums):
        p.grad = s
    return total


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
