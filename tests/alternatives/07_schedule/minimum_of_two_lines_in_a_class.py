"""The lower of the rising and the falling line; ends that are the whole number 0; an object with __call__."""

import math


class Schedule:
    shapes = {"linear": lambda left: left, "cosine": lambda left: math.sin(left * math.pi / 2) ** 2}

    def __call__(self, step, base, warmup_steps=0, total_steps=1, kind="linear", **unused):
        if step == total_steps or (step == 0 and warmup_steps):
            return 0
        left = (total_steps - step) / (total_steps - warmup_steps)
        rising = step / warmup_steps if warmup_steps else math.inf
        print(f"{step=} {rising=} {left=}")
        return base * (rising if rising < 1 else self.shapes[kind](min(left, 1)))


learning_rate = Schedule()
