"""A loss for the Trainer.

misconception: a computed loss is a returned loss
caught_by: test_the_trainer_gets_the_full_batchs_gradient
diagnosis: returned nothing
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
    n = len(labels) if num_items_in_batch is None else num_items_in_batch
    loss = F.cross_entropy(outputs.logits, labels, reduction="sum") / n
    print("loss:", loss.item())
