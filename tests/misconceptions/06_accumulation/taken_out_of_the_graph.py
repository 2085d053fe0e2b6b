"""A loss for the Trainer.

misconception: a loss is a number
caught_by: test_mean_loss_is_the_sum_divided_by_num_items_in_batch
diagnosis: out of the graph
"""

import torch
import torch.nn.functional as F

def accumulate_gradients(model, batch, micro_batch_size):
    n = batch["labels"].shape[0]
    total = 0.0
    for start in range(0, n, micro_batch_size):
        micro = {k: v[start:start + micro_batch_size] for k, v in batch.items()}
        loss = model(**micro).loss * micro["labels"].shape[0] / n
        loss.backward()
        total += loss.item()
    return total


def mean_loss(outputs, labels, num_items_in_batch=None):
    total = F.cross_entropy(outputs.logits, labels, reduction="sum").item()
    return torch.tensor(total / (num_items_in_batch or len(labels)), requires_grad=False)
