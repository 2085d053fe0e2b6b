"""Accelerate goes backward and divides by the number of steps; what is given to it undoes that."""

import torch
from accelerate import Accelerator


def accumulate_gradients(model, batch, micro_batch_size):
    labels = batch["labels"]
    chunks = torch.arange(len(labels)).split(micro_batch_size)
    accelerator = Accelerator(cpu=True, gradient_accumulation_steps=len(chunks))
    total = 0.0
    for chunk in chunks:
        micro_batch = {key: tensor.index_select(0, chunk) for key, tensor in batch.items()}
        with accelerator.accumulate(model):
            loss = model(**micro_batch).loss
            weight = len(chunk) / len(labels)
            accelerator.backward(loss * weight * len(chunks))
        total += weight * loss.item()
    return total


def mean_loss(outputs, labels, num_items_in_batch=None):
    probabilities = torch.softmax(outputs.logits, dim=-1)
    own = probabilities[torch.arange(len(labels)), labels]
    count = len(labels) if num_items_in_batch is None else float(num_items_in_batch)
    return -torch.log(own).sum() / count
