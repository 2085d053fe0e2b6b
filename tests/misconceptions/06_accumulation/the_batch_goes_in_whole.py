"""The gradient of the batch.

misconception: the result is all that counts
caught_by: test_keeps_one_micro_batchs_graph_at_a_time
diagnosis: went through the model whole
"""

import torch.nn.functional as F


def accumulate_gradients(model, batch, micro_batch_size):
    loss = model(**batch).loss
    loss.backward()
    return loss.item()


def mean_loss(outputs, labels, num_items_in_batch=None):
    if num_items_in_batch is None:
        return F.cross_entropy(outputs.logits, labels)
    return F.cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch
