"""The library's own schedulers, asked for their factor."""

import torch
from transformers import get_scheduler


def learning_rate(step, base, warmup_steps, total_steps, kind):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(()))], lr=base)
    scheduler = get_scheduler(kind, optimizer, num_warmup_steps=warmup_steps, num_training_steps=total_steps)
    return scheduler.base_lrs[0] * scheduler.lr_lambdas[0](step)
