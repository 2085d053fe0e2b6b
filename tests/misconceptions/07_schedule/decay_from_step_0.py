"""A learning-rate schedule.

misconception: progress is the share of all steps, whether there is a warm-up or not
caught_by: test_linear_falls_in_a_straight_line_after_the_warmup
diagnosis: counted from step 0
"""

import math


def learning_rate(step, base, warmup_steps, total_steps, kind):
    if step < warmup_steps:
        return base * step / warmup_steps
    progress = step / total_steps
    if kind == "linear":
        return base * (1.0 - progress)
    elif kind == "cosine":
        return base * 0.5 * (1.0 + math.cos(math.pi * progress))
    raise ValueError(kind)
