"""A learning-rate schedule.

misconception: a cosine falls from 1 to 0 between 0 and pi / 2, so that is the piece to take
caught_by: test_cosine_falls_along_half_a_wave_after_the_warmup
diagnosis: quarter of a wave
"""

import math


def learning_rate(step: int, base: float, warmup_steps: int, total_steps: int, kind: str) -> float:
    if step < warmup_steps:
        return base * step / warmup_steps
    t = (step - warmup_steps) / (total_steps - warmup_steps)
    return base * (1 - t if kind == "linear" else math.cos(t * math.pi / 2))
