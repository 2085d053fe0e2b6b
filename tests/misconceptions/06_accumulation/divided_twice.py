"""A loss for the Trainer.

misconception: the mean is divided by num_items_in_batch
caught_by: test_the_trainer_gets_the_full_batchs_gradient
diagnosis: two divisions
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
    loss = F.cross_entropy(outputs["logits"], labels)
    if num_items_in_batch is not None:
        loss = loss / num_items_in_batch
    return loss
