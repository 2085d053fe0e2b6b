"""The Trainer's keywords are collected by two stars; a loss function of torch as an object; sums, and one division."""

import torch

cross_entropies = torch.nn.CrossEntropyLoss(reduction="none")


def accumulate_gradients(*args):
    model, batch, size = args
    labels = batch["labels"]
    mean = torch.zeros(())
    for rows in torch.arange(len(labels)).split(size):
        inputs = {name: tensor.index_select(0, rows) for name, tensor in batch.items() if name != "labels"}
        share = cross_entropies(model(**inputs).logits, labels[rows]).sum() / len(labels)
        share.backward()
        mean += share.detach()
    return mean


def mean_loss(outputs, labels, **kwargs):
    losses = cross_entropies(outputs["logits"], labels)
    count = kwargs.get("num_items_in_batch")
    return losses.sum() / (len(losses) if count is None else count)
