"""A learning-rate schedule.

misconception: the last step of the warm-up has the whole base rate
caught_by: test_warmup_rises_in_a_straight_line_from_0
diagnosis: one step too early
"""

import math


def warmup(step, warmup_steps):
    return step / (warmup_steps - 1) if warmup_steps > 1 else 1.0


def decay(step, warmup_steps, total_steps, kind):
    done = (step - warmup_steps) / (total_steps - warmup_steps)
    return {"linear": 1 - done, "cosine": (1 + math.cos(math.pi * done)) / 2}[kind]


def learning_rate(step, base, warmup_steps, total_steps, kind):
    if step < warmup_steps:
        return base * warmup(step, warmup_steps)
    return base * decay(step, warmup_steps, total_steps, kind)
