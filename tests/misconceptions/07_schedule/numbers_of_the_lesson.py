"""A learning-rate schedule for ten steps.

misconception: there are ten steps, two of them warm-up, and the rate is 5e-5
caught_by: test_cosine_falls_along_half_a_wave_after_the_warmup
diagnosis: lesson's example
"""

from math import cos, pi


def learning_rate(step, base, warmup_steps, total_steps, kind):
    if step < 2:
        return 5e-5 * step / 2
    progress = (step - 2) / 8
    if kind == "linear":
        return 5e-5 * (1 - progress)
    return 5e-5 * (1 + cos(pi * progress)) / 2
