"""The gradients that are there are put aside, and added again at the end; sums first, one division."""

import torch


def accumulate_gradients(model: torch.nn.Module, batch: dict, micro_batch_size: int) -> float:
    was_training = model.training
    model.train()
    before = {name: p.grad for name, p in model.named_parameters()}
    model.zero_grad(set_to_none=True)
    n = len(batch["labels"])
    loss_sum = 0.0
    start = 0
    while start < n:
        stop = min(start + micro_batch_size, n)
        output = model(**{k: v[start:stop] for k, v in batch.items()})
        (output.loss * (stop - start)).backward()
        loss_sum += float(output.loss) * (stop - start)
        start = stop
    for name, p in model.named_parameters():
        p.grad = p.grad / n if before[name] is None else before[name] + p.grad / n
    model.train(was_training)
    return loss_sum / n


def mean_loss(outputs, labels, num_items_in_batch=None):
    logits = outputs.logits.float()
    criterion = torch.nn.CrossEntropyLoss(reduction="mean" if num_items_in_batch is None else "sum")
    loss = criterion(logits.view(-1, logits.size(-1)), labels.view(-1).long())
    if num_items_in_batch is None:
        return loss
    return loss / torch.as_tensor(num_items_in_batch, device=loss.device)
