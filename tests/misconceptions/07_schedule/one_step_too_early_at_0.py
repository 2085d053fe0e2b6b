"""A learning-rate schedule.

misconception: the last step is total_steps - 1, and the rate has to be 0 there
caught_by: test_linear_falls_in_a_straight_line_after_the_warmup
diagnosis: one step too early
"""

import math


def learning_rate(step, base, warmup_steps, total_steps, kind):
    if step < warmup_steps:
        return base * step / warmup_steps
    steps_left = max(1, total_steps - 1 - warmup_steps)
    progress = min(1.0, (step - warmup_steps) / steps_left)
    if kind == "linear":
        return base * (1 - progress)
    return 0.5 * base * (1 + math.cos(math.pi * progress))
