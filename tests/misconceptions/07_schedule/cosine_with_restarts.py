"""A learning-rate schedule.

misconception: a cosine schedule is the one with warm restarts
caught_by: test_cosine_falls_along_half_a_wave_after_the_warmup
diagnosis: restart
"""

import torch
from transformers import get_cosine_with_hard_restarts_schedule_with_warmup, get_linear_schedule_with_warmup


def learning_rate(step, base, warmup_steps, total_steps, kind):
    optimizer = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))], lr=base)
    if kind == "linear":
        scheduler = get_linear_schedule_with_warmup(optimizer, warmup_steps, total_steps)
    else:
        scheduler = get_cosine_with_hard_restarts_schedule_with_warmup(
            optimizer, warmup_steps, total_steps, num_cycles=2
        )
    return base * scheduler.lr_lambdas[0](step)
