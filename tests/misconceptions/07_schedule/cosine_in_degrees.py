"""A learning-rate schedule.

misconception: a cosine takes degrees, so half a wave goes to 180
caught_by: test_cosine_falls_along_half_a_wave_after_the_warmup
diagnosis: degrees
"""

import numpy as np


def learning_rate(step, base, warmup_steps, total_steps, kind):
    if step < warmup_steps:
        return base * (step / warmup_steps)
    progress = (step - warmup_steps) / (total_steps - warmup_steps)
    if kind == "linear":
        return base * (1.0 - progress)
    return float(base * (1.0 + np.cos(180 * progress)) / 2.0)
