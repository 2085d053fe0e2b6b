"""A learning-rate schedule.

misconception: the warm-up is a factor on top of a decay over the whole training
caught_by: test_warmup_rises_in_a_straight_line_from_0
diagnosis: during the warm-up already
"""

import math


def learning_rate(step, base, warmup_steps, total_steps, kind):
    warmup = min(1.0, step / warmup_steps) if warmup_steps else 1.0
    progress = step / total_steps
    if kind == "linear":
        decay = 1 - progress
    else:
        decay = 0.5 * (1 + math.cos(math.pi * progress))
    return base * warmup * decay
