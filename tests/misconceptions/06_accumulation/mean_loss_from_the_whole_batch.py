"""The gradient of the batch.

misconception: without a graph a forward pass costs nothing
caught_by: test_keeps_one_micro_batchs_graph_at_a_time
diagnosis: without a graph
"""

import torch
import torch.nn.functional as F


def accumulate_gradients(model, batch, micro_batch_size):
    rows = len(batch["labels"])
    for start in range(0, rows, micro_batch_size):
        part = {key: tensor[start : start + micro_batch_size] for key, tensor in batch.items()}
        (model(**part).loss * len(part["labels"]) / rows).backward()
    with torch.no_grad():
        return model(**batch).loss.item()


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
