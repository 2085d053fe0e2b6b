"""Gradient accumulation.

misconception: the model needs only ids and labels
caught_by: test_equal_micro_batches_leave_the_full_batchs_gradient
diagnosis: was not given attention_mask and token_type_ids
"""

import torch.nn.functional as F


def accumulate_gradients(model, batch, micro_batch_size):
    n = len(batch["labels"])
    total = 0.0
    for i in range(0, n, micro_batch_size):
        ids, labels = batch["input_ids"][i : i + micro_batch_size], batch["labels"][i : i + micro_batch_size]
        loss = model(input_ids=ids, labels=labels).loss * len(labels) / n
        loss.backward()
        total += loss.item()
    return total


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
