"""A learning-rate schedule.

misconception: the first step must not be wasted on a rate of 0
caught_by: test_warmup_rises_in_a_straight_line_from_0
diagnosis: one step ahead
"""

from math import cos, pi


def learning_rate(step, base, warmup_steps, total_steps, kind):
    if warmup_steps > 0 and step < warmup_steps:
        return base * (step + 1) / warmup_steps
    remaining = total_steps - warmup_steps
    done = step - warmup_steps
    if kind == "linear":
        return base * (remaining - done) / remaining
    return base * (1 + cos(pi * done / remaining)) / 2
