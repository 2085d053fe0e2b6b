"""float32 all the way; a tensor with one element comes back."""

import torch


def learning_rate(step, base, warmup_steps, total_steps, kind):
    step, warmup, total = (torch.tensor([float(n)]) for n in (step, warmup_steps, total_steps))
    progress = (step - warmup) / (total - warmup)
    decay = 1 - progress if kind == "linear" else 0.5 * (1 + torch.cos(torch.pi * progress))
    return base * torch.where(step < warmup, step / warmup, decay)
