"""A learning-rate schedule.

misconception: a cosine schedule multiplies the rate with the cosine, and negative rates are cut off
caught_by: test_cosine_falls_along_half_a_wave_after_the_warmup
diagnosis: cut off at 0
"""

import math


def learning_rate(step, base, warmup_steps, total_steps, kind):
    if step < warmup_steps:
        lr = base * step / warmup_steps
    else:
        progress = (step - warmup_steps) / (total_steps - warmup_steps)
        if kind == "cosine":
            lr = base * math.cos(math.pi * progress)
        else:
            lr = base - base * progress
    return max(lr, 0)
