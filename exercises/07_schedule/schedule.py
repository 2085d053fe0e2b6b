"""Exercise 07: the learning rate at every step, for a linear and a cosine schedule with warm-up."""


def learning_rate(step: int, base: float, warmup_steps: int, total_steps: int, kind: str) -> float:
    """Compute the learning rate of one optimiser step, in closed form.

    Args:
        step: which step, counted from 0: 0 <= step <= total_steps.
        base: the highest learning rate, positive: what the Trainer calls `learning_rate`.
        warmup_steps: how many steps the warm-up takes: 0 <= warmup_steps < total_steps. 0 means
            that there is none.
        total_steps: how many steps the whole training takes, the warm-up included.
        kind: "linear" or "cosine": how the rate falls after the warm-up.

    Returns:
        One number: a Python number, a numpy scalar, or an array or tensor with one element.

        - While step < warmup_steps, for either kind, the rate rises in a straight line: 0 at
          step 0, and it would be `base` at step warmup_steps.
        - From step warmup_steps on it falls from `base` to 0, which it reaches at step total_steps:
          in a straight line for "linear", along half a wave of a cosine, from its top to its
          bottom, for "cosine".

        It is the rate that `get_linear_schedule_with_warmup` and `get_cosine_schedule_with_warmup`
        of transformers give at that step, to within 1e-6 times `base`: float32 is exact enough.
    """
    raise NotImplementedError
