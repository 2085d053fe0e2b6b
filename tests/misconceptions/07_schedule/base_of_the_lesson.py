"""A learning-rate schedule.

misconception: the highest learning rate is 5e-5, the default
caught_by: test_linear_falls_in_a_straight_line_after_the_warmup
diagnosis: `base`
"""

import math

BASE = 5e-5


def learning_rate(step, base, warmup_steps, total_steps, kind):
    if step < warmup_steps:
        factor = step / warmup_steps
    else:
        p = (step - warmup_steps) / (total_steps - warmup_steps)
        factor = 1 - p if kind == "linear" else 0.5 * (1 + math.cos(math.pi * p))
    return BASE * factor
