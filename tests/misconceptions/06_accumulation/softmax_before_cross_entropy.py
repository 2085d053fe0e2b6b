"""A loss for the Trainer.

misconception: cross_entropy wants probabilities
caught_by: test_mean_loss_is_the_sum_divided_by_num_items_in_batch
diagnosis: softmax in it
"""

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
    probabilities = F.softmax(outputs.logits, dim=-1)
    n = len(labels) if num_items_in_batch is None else num_items_in_batch
    return F.cross_entropy(probabilities, labels, reduction="sum") / n
