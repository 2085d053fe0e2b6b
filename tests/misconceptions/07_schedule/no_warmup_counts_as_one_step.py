"""A learning-rate schedule.

misconception: max(1, warmup_steps) keeps the division safe, so nothing else changes without a warm-up
caught_by: test_without_a_warmup_it_begins_at_base_and_ends_at_0
diagnosis: part of the warm-up
"""

import math


def warmup(step, warmup_steps):
    return step / max(1, warmup_steps)


def learning_rate(step, base, warmup_steps, total_steps, kind):
    if step <= warmup_steps:
        return base * warmup(step, warmup_steps)
    progress = (step - warmup_steps) / (total_steps - warmup_steps)
    decay = {"linear": 1 - progress, "cosine": (1 + math.cos(math.pi * progress)) / 2}
    return base * decay[kind]
