"""A loss for the Trainer.

misconception: the Trainer divides the sum by num_items_in_batch itself
caught_by: test_the_trainer_gets_the_full_batchs_gradient
diagnosis: not divided by anything
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
    reduction = "mean" if num_items_in_batch is None else "sum"
    return F.cross_entropy(outputs.logits, labels, reduction=reduction)
