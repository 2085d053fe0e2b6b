"""A learning-rate schedule.

misconception: warm-up means to keep the rate where it is for a while before it falls
caught_by: test_warmup_rises_in_a_straight_line_from_0
diagnosis: base rate from step 0
"""

import math


def learning_rate(step, base, warmup_steps, total_steps, kind):
    progress = max(0, step - warmup_steps) / (total_steps - warmup_steps)
    if kind == "linear":
        return base * (1 - progress)
    if kind == "cosine":
        return base * 0.5 * (1 + math.cos(math.pi * progress))
