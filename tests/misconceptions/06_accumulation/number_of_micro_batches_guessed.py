"""A loss for the Trainer.

misconception: num_items_in_batch tells how many micro-batches there are
caught_by: test_the_trainer_gets_it_at_the_end_of_an_epoch_too
diagnosis: guess
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
    loss = F.cross_entropy(outputs.logits, labels)
    if num_items_in_batch is None:
        return loss
    micro_batches = max(1, round(float(num_items_in_batch) / len(labels)))
    return loss / micro_batches
