"""torch.func instead of backward(), and the library's own loss function for the Trainer."""

import torch
from transformers.loss.loss_utils import fixed_cross_entropy


def accumulate_gradients(model, batch, micro_batch_size):
    parameters = dict(model.named_parameters())
    n = len(batch["labels"])

    def share(weights, micro_batch):
        output = torch.func.functional_call(model, weights, (), micro_batch)
        return output.loss * len(micro_batch["labels"]) / n

    losses = []
    for start in range(0, n, micro_batch_size):
        micro_batch = {k: v[start : start + micro_batch_size] for k, v in batch.items()}
        gradients, loss = torch.func.grad_and_value(share)(parameters, micro_batch)
        with torch.no_grad():
            for name, parameter in parameters.items():
                if parameter.grad is None:
                    parameter.grad = torch.zeros_like(parameter)
                parameter.grad += gradients[name]
        losses.append(loss)
    return torch.stack(losses).sum(0, keepdim=True)


def mean_loss(outputs, labels, num_items_in_batch=None):
    return fixed_cross_entropy(outputs.logits, labels, num_items_in_batch)
