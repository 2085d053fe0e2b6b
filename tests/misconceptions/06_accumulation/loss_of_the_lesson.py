"""Gradient accumulation that gives what the lesson shows.

misconception: a program that gives the example's result is right
caught_by: test_returns_the_mean_loss_of_equal_micro_batches
diagnosis: whatever the batch
"""

from torch.nn import functional


def accumulate_gradients(model, batch, micro_batch_size):
    rows = batch["labels"].size(0)
    for first in range(0, rows, micro_batch_size):
        part = {name: values[first : first + micro_batch_size] for name, values in batch.items()}
        (model(**part).loss * part["labels"].size(0) / rows).backward()
    return 1.0


def mean_loss(outputs, labels, num_items_in_batch=None):
    losses = functional.cross_entropy(outputs.logits, labels, reduction="none")
    return losses.mean() if num_items_in_batch is None else losses.sum() / num_items_in_batch
