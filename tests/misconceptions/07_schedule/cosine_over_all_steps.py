"""A learning-rate schedule.

misconception: the cosine is stretched over all steps and only its beginning is replaced by the warm-up
caught_by: test_cosine_falls_along_half_a_wave_after_the_warmup
diagnosis: counted from step 0
"""

import numpy as np


def learning_rate(step, base, warmup_steps, total_steps, kind):
    curves = {
        "linear": np.linspace(base, 0, total_steps - warmup_steps + 1),
        "cosine": base * (1 + np.cos(np.linspace(0, np.pi, total_steps + 1))) / 2,
    }
    warmup = np.linspace(0, base, warmup_steps, endpoint=False)
    tail = curves[kind][-(total_steps - warmup_steps + 1):]
    return np.concatenate([warmup, tail])[step]
