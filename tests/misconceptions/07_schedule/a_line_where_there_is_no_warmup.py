"""A learning-rate schedule.

misconception: without a warm-up both kinds are the same straight line
caught_by: test_without_a_warmup_it_begins_at_base_and_ends_at_0
diagnosis: the straight line that belongs to
"""

import math


def learning_rate(step, base, warmup_steps, total_steps, kind):
    if warmup_steps == 0:
        return base * (total_steps - step) / total_steps
    if step < warmup_steps:
        return base * step / warmup_steps
    progress = (step - warmup_steps) / (total_steps - warmup_steps)
    return base * (1 - progress if kind == "linear" else (1 + math.cos(math.pi * progress)) / 2)
