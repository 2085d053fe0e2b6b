"""One row at a time in spite of the micro-batch size; gradients by torch.autograd.grad; a numpy scalar as result."""

import numpy as np
import torch
from torch import nn


def accumulate_gradients(model, batch, micro_batch_size):
    parameters = [p for p in model.parameters() if p.requires_grad]
    n = batch["input_ids"].shape[0]
    losses = np.zeros(n, dtype=np.float32)
    for i in range(n):
        row = {name: column[i].unsqueeze(0) for name, column in batch.items()}
        output = model(**row)
        for parameter, gradient in zip(parameters, torch.autograd.grad(output.loss, parameters)):
            share = gradient / n
            parameter.grad = share if parameter.grad is None else parameter.grad + share
        losses[i] = output.loss.detach().numpy()
    return losses.mean()


def mean_loss(outputs, labels, num_items_in_batch):
    losses = nn.CrossEntropyLoss(reduction="none")(outputs["logits"], labels)
    if num_items_in_batch is None:
        return losses.mean()
    return losses.sum() / num_items_in_batch
