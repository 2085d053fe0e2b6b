"""torch's schedulers in sequence, stepped as often as asked; the rate is read off the optimizer."""

import warnings

import torch
from torch.optim.lr_scheduler import LambdaLR, SequentialLR


def learning_rate(step, base, warmup_steps, total_steps, kind):
    weight = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([weight], lr=base)
    left = total_steps - warmup_steps
    if kind == "linear":
        down = LambdaLR(optimizer, lambda s: (left - s) / left)
    else:
        down = LambdaLR(optimizer, lambda s: (1 + torch.cos(torch.tensor(torch.pi * s / left, dtype=torch.float64))) / 2)
    parts, borders = [down], []
    if warmup_steps:
        parts = [LambdaLR(optimizer, lambda s: s / warmup_steps), down]
        borders = [warmup_steps]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scheduler = SequentialLR(optimizer, parts, milestones=borders)
        for _ in range(step):
            optimizer.step()
            scheduler.step()
    return scheduler.get_last_lr()[0]
