"""Activations recomputed in the backward pass, and the scaling in a hook on the loss."""

from contextlib import contextmanager

import torch
from torch.utils.checkpoint import checkpoint


@contextmanager
def kept_mode(model):
    modes = [(module, module.training) for module in model.modules()]
    yield
    for module, mode in modes:
        module.training = mode


def accumulate_gradients(model, batch, micro_batch_size):
    labels = batch["labels"]
    mean = 0.0
    with kept_mode(model), torch.enable_grad():
        model.eval()
        for indices in torch.arange(labels.size(0)).chunk(-(-labels.size(0) // micro_batch_size)):
            part = {k: v[indices] for k, v in batch.items()}
            loss = checkpoint(lambda part=part: model(**part).loss, use_reentrant=False)
            weight = indices.numel() / labels.numel()
            loss.register_hook(lambda gradient, weight=weight: gradient * weight)
            loss.backward()
            mean += weight * loss.item()
    return mean


def mean_loss(outputs, labels, num_items_in_batch=None):
    difference = outputs.logits[:, 1] - outputs.logits[:, 0]
    total = torch.nn.functional.binary_cross_entropy_with_logits(difference, labels.float(), reduction="sum")
    return total / (labels.shape[0] if num_items_in_batch is None else int(num_items_in_batch))
