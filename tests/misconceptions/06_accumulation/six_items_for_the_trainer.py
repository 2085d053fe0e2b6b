"""A loss for the Trainer, as in the lesson's example.

misconception: N is 6
caught_by: test_the_trainer_gets_the_full_batchs_gradient
diagnosis: 6 rows of the lesson
"""

import torch.nn.functional as F


def accumulate_gradients(model, batch, micro_batch_size):
    n = len(batch["labels"])
    total = 0.0
    for i in range(0, n, micro_batch_size):
        micro_batch = {k: v[i : i + micro_batch_size] for k, v in batch.items()}
        loss = model(**micro_batch).loss * len(micro_batch["labels"]) / n
        loss.backward()
        total += loss.item()
    return total


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / 6
