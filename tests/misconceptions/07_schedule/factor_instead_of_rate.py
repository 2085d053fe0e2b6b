"""A learning-rate schedule.

misconception: what a scheduler computes is the factor, and the optimiser multiplies it with the rate
caught_by: test_linear_falls_in_a_straight_line_after_the_warmup
diagnosis: factor between 0 and 1
"""

import math


def learning_rate(step, base, warmup_steps, total_steps, kind):
    if step < warmup_steps:
        return float(step) / float(max(1, warmup_steps))
    progress = float(step - warmup_steps) / float(max(1, total_steps - warmup_steps))
    if kind == "linear":
        return max(0.0, 1.0 - progress)
    return max(0.0, 0.5 * (1.0 + math.cos(math.pi * progress)))
