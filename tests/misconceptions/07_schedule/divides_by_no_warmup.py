"""A learning-rate schedule.

misconception: the step at which the warm-up ends belongs to the warm-up, also where there is none
caught_by: test_without_a_warmup_it_begins_at_base_and_ends_at_0
diagnosis: divides by 0
"""

import math


def learning_rate(step, base, warmup_steps, total_steps, kind):
    if step <= warmup_steps:
        return base * (step / warmup_steps)
    p = (step - warmup_steps) / (total_steps - warmup_steps)
    if kind == "linear":
        return base * (1 - p)
    else:
        return base * (math.cos(math.pi * p) + 1) / 2
