"""Learning-rate schedules in closed form, with a linear warm-up, and what misconceptions of them give instead.

The forms are those of the library's documentation: linear, and half a cosine (Loshchilov & Hutter, SGDR: Stochastic
Gradient Descent with Warm Restarts, 2017, equation 5, without restarts and down to 0).
"""

# ruff: noqa: ARG005 - a misconception takes what the exercise's function takes, and may ignore some of it

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, TypeAlias

from pytest_trainer.reference.diagnosis import Misconception, diagnose, outputs

Kind: TypeAlias = Literal["linear", "cosine"]
Arguments: TypeAlias = tuple[int, float, int, int, Kind]
"""step, base, warmup_steps, total_steps, kind."""

TOLERANCE = 1e-6
"""The difference allowed, as a share of the base rate: more than all of an answer's float32 roundings together.

With u = 2^-24 for one rounding: s - w and N - w are exact (whole numbers below 2^24), the quotient p costs u; pi and
the product with p two more, so the angle, at most pi, is off by 3 pi u; a cosine is as steep as 1 at most, and costs
2 u itself; adding 1 costs 2 u, halving nothing: (3 pi + 4) u / 2 = 6.7 u. The base rate and the product with it cost
2 u more: 8.7 u = 5.2e-7 of the base rate. Float64 loses 1e-15. Shifting a schedule of N steps by one step changes
it by 1/N somewhere, 5e-4 for the longest that is drawn; float16, with u = 2^-11, loses more than 1e-4. All of 12 wrong
answers fail with a hundred times as much, too (benchmarks/luck.py --tolerance-times 100).
"""


def learning_rate(step: int, base: float, warmup_steps: int, total_steps: int, kind: Kind) -> float:
    """Return the learning rate of step s: `base` times a factor from 0 to 1.

    With w = `warmup_steps` and N = `total_steps`, 0 <= w < N and 0 <= s <= N:

    - s / w while s < w: the warm-up;
    - after it, with p = (s - w) / (N - w) going from 0 to 1: 1 - p for "linear", (1 + cos(pi p)) / 2 for "cosine".

    Raises ValueError outside of these bounds, and for another kind.
    """
    if not 0 <= warmup_steps < total_steps or not 0 <= step <= total_steps:
        raise ValueError(f"no step {step} in a schedule of {total_steps} with {warmup_steps} of warm-up")
    if kind not in ("linear", "cosine"):
        raise ValueError(f"kind must be 'linear' or 'cosine', not {kind!r}")
    if step < warmup_steps:
        return base * step / warmup_steps
    return base * decay((step - warmup_steps) / (total_steps - warmup_steps), kind)


def decay(progress: float, kind: Kind) -> float:
    """The factor at `progress` from 0 (the end of the warm-up) to 1 (the last step)."""
    return 1 - progress if kind == "linear" else (1 + math.cos(math.pi * progress)) / 2


Rate: TypeAlias = Callable[[int, float, int, int, Kind], float]


def _warming(factor: Callable[[int, int, int], float]) -> Rate:
    """The schedule whose factor before the end of the warm-up is another: factor(s, w, N)."""

    def rate(step: int, base: float, warmup: int, total: int, kind: Kind) -> float:
        if step < warmup:
            return base * factor(step, warmup, total)
        return learning_rate(step, base, warmup, total, kind)

    return rate


def _decaying(factor: Callable[[int, int, int, Kind], float]) -> Rate:
    """The schedule whose factor from the end of the warm-up on is another: factor(s, w, N, kind)."""

    def rate(step: int, base: float, warmup: int, total: int, kind: Kind) -> float:
        if step < warmup:
            return learning_rate(step, base, warmup, total, kind)
        return base * factor(step, warmup, total, kind)

    return rate


def _of_cosine(shape: Callable[[float], float]) -> Rate:
    """The schedule whose "cosine" has another shape over the progress from 0 to 1."""
    return _decaying(lambda s, w, n, kind: shape((s - w) / (n - w)) if kind == "cosine" else 1 - (s - w) / (n - w))


NO_WARMUP = Misconception(
    "There seems to be no warm-up: below warmup_steps the rate is that of a decay over all steps. Revisit what "
    "happens before the base rate is reached.",
    lambda s, base, w, n, kind: base * decay(s / n, kind),
)
BASE_IGNORED = Misconception(
    "What came back is the factor between 0 and 1 alone. A learning rate is this share of `base`.",
    lambda s, base, w, n, kind: learning_rate(s, 1.0, w, n, kind),
)

LESSON: tuple[float, int, int] = (5e-5, 2, 10)
"""base, warmup_steps and total_steps of the lesson's example."""

BASE_OF_THE_LESSON = Misconception(
    "The rates belong to a highest rate of 5e-5, whatever `base` is: that is the lesson's example, and the library's "
    "default. Here it is an argument.",
    lambda s, base, w, n, kind: learning_rate(s, LESSON[0], w, n, kind),
)

OF_WARMUP = (
    Misconception(
        "Your warm-up seems to be one step ahead: step 0 already has a share of the base rate. Steps are counted "
        "from 0, and at step 0 nothing has been warmed up yet.",
        _warming(lambda s, w, n: (s + 1) / w),
    ),
    Misconception(
        "Your warm-up seems to be shifted by one step, and to rise over one step more than there is: it goes from 0 "
        "at step 0 to the base rate at step warmup_steps.",
        _warming(lambda s, w, n: (s + 1) / (w + 1)),
    ),
    Misconception(
        "Your warm-up seems to reach the base rate one step too early. It is reached at step warmup_steps itself, "
        "and not at the last step before it.",
        _warming(lambda s, w, n: min(1.0, s / (w - 1)) if w > 1 else 0.0),
    ),
    Misconception(
        "Your warm-up seems to rise as a share of all steps. Its share is that of the warm-up alone, or the base "
        "rate is not reached by its end.",
        _warming(lambda s, w, n: s / n),
    ),
    Misconception(
        "Your rate seems to be the base rate from step 0 on. During a warm-up it rises to the base rate from 0.",
        _warming(lambda s, w, n: 1.0),
    ),
    Misconception(
        "Your rate seems to stay at 0 during the warm-up. It rises there, by the same amount in every step.",
        _warming(lambda s, w, n: 0.0),
    ),
    Misconception(
        "Your warm-up seems to rise as the cosine schedule falls. It is a straight line for either kind: only the "
        "decay differs.",
        _warming(lambda s, w, n: (1 - math.cos(math.pi * s / w)) / 2),
    ),
    Misconception(
        "Your warm-up seems to rise as a quarter of a sine. It is a straight line for either kind: only the decay "
        "differs.",
        _warming(lambda s, w, n: math.sin(math.pi * s / w / 2)),
    ),
    Misconception(
        "Your decay seems to run during the warm-up already, and the warm-up only scales it: so the base rate is never "
        "reached. The decay begins where the warm-up ends.",
        lambda s, base, w, n, kind: base * min(1.0, s / w) * decay(s / n, kind),
    ),
    NO_WARMUP,
    BASE_IGNORED,
    BASE_OF_THE_LESSON,
)

OF_DECAY = (
    Misconception(
        "Your decay seems to be counted from step 0, over all steps. It begins where the warm-up ends: there the "
        "rate is still the whole base rate, and what is left are total_steps - warmup_steps steps.",
        _decaying(lambda s, w, n, kind: decay(s / n, kind)),
    ),
    Misconception(
        "Your decay seems to begin at the right place, and to be spread over all steps, so that it does not arrive "
        "at 0. How many steps are left when the warm-up is over?",
        _decaying(lambda s, w, n, kind: decay((s - w) / n, kind)),
    ),
    Misconception(
        "Your decay seems to count its steps from step 0, and not from the end of the warm-up: it goes past 0 (or "
        "turns round) before the last step.",
        _decaying(lambda s, w, n, kind: decay(s / (n - w), kind)),
    ),
    Misconception(
        "Your decay seems to count its steps from step 0, and not from the end of the warm-up: it is at 0 before the "
        "last step.",
        _decaying(lambda s, w, n, kind: decay(min(1.0, s / (n - w)), kind)),
    ),
    Misconception(
        "Your decay seems to be one step ahead: at step warmup_steps it has already begun. That step still has the "
        "whole base rate.",
        _decaying(lambda s, w, n, kind: decay((s - w + 1) / (n - w), kind)),
    ),
    Misconception(
        "Your decay seems to be one step ahead: at step warmup_steps it has already begun. That step still has the "
        "whole base rate.",
        _decaying(lambda s, w, n, kind: decay(min(1.0, (s - w + 1) / (n - w)), kind)),
    ),
    Misconception(
        "Your decay seems to arrive at 0 one step too early. From step warmup_steps to step total_steps there are "
        "total_steps - warmup_steps steps.",
        _decaying(lambda s, w, n, kind: decay((s - w) / max(1, n - w - 1), kind)),
    ),
    Misconception(
        "Your decay seems to arrive at 0 one step too early. From step warmup_steps to step total_steps there are "
        "total_steps - warmup_steps steps.",
        _decaying(lambda s, w, n, kind: decay(min(1.0, (s - w) / max(1, n - w - 1)), kind)),
    ),
    Misconception(
        "Your rate seems to stay at the base rate after the warm-up. From there it falls to 0 at the last step.",
        _decaying(lambda s, w, n, kind: 1.0),
    ),
    Misconception(
        "Your rate seems to rise after the warm-up where it should fall: it is 0 at the end of the warm-up and the "
        "base rate at the last step.",
        _decaying(lambda s, w, n, kind: decay(1 - (s - w) / (n - w), kind)),
    ),
    BASE_IGNORED,
    BASE_OF_THE_LESSON,
)

OF_LINEAR = (
    Misconception(
        "Your 'linear' seems to be the curve that belongs to 'cosine'. Linear means a straight line down to 0.",
        _decaying(lambda s, w, n, kind: decay((s - w) / (n - w), "cosine")),
    ),
)

OF_COSINE = (
    Misconception(
        "Your cosine seems to be a quarter of a wave. It is half a wave, from the top to the bottom, lifted and "
        "halved so that it goes from 1 to 0: it begins flat and ends flat.",
        _of_cosine(lambda p: math.cos(math.pi * p / 2)),
    ),
    Misconception(
        "Your cosine seems to go from 1 to -1. A learning rate is never negative: lift the curve and halve it, so "
        "that it goes from 1 to 0.",
        _of_cosine(lambda p: math.cos(math.pi * p)),
    ),
    Misconception(
        "Your cosine seems to go from 1 to -1 and to be cut off at 0. Lift the whole curve and halve it, so that it "
        "goes from 1 to 0 without a corner.",
        _of_cosine(lambda p: max(0.0, math.cos(math.pi * p))),
    ),
    Misconception(
        "Your cosine seems to be a whole wave: it is back at the base rate in the end. Half a wave goes from 1 to 0.",
        _of_cosine(lambda p: (1 + math.cos(2 * math.pi * p)) / 2),
    ),
    Misconception(
        "Your cosine seems to restart at the base rate half-way. That is another schedule, with restarts; here it "
        "falls once.",
        _of_cosine(lambda p: (1 + math.cos(math.pi * (2 * p % 1))) / 2),
    ),
    Misconception(
        "Your cosine seems to restart at the base rate half-way. That is another schedule, with restarts; here it "
        "falls once.",
        _of_cosine(lambda p: (1 + math.cos(math.pi * (2 * p % 1))) / 2 if p < 1 else 0.0),
    ),
    Misconception(
        "Your cosine seems to be a quarter of a wave, lifted and halved: it ends at half the base rate. It is half a "
        "wave, and ends at 0.",
        _of_cosine(lambda p: (1 + math.cos(math.pi * p / 2)) / 2),
    ),
    Misconception(
        "Your cosine seems not to be halved: 1 + cos goes from 2 to 0, so the rate begins at twice the base rate.",
        _of_cosine(lambda p: 1 + math.cos(math.pi * p)),
    ),
    Misconception(
        "Your cosine seems to be taken of an angle in degrees. Python's cosines count in radians: half a wave goes "
        "from 0 to pi.",
        _of_cosine(lambda p: (1 + math.cos(180 * p)) / 2),
    ),
    Misconception(
        "Your 'cosine' seems to be the straight line that belongs to 'linear'. Half a wave of a cosine begins flat "
        "and ends flat.",
        _of_cosine(lambda p: 1 - p),
    ),
)

WITHOUT_WARMUP = (
    Misconception(
        "With warmup_steps = 0 your function divides by 0. There is no warm-up then: step 0 is already the first "
        "step of the decay.",
        lambda s, base, w, n, kind: base * s / w if s <= w else learning_rate(s, base, w, n, kind),
    ),
    Misconception(
        "With warmup_steps = 0 your step 0 seems to count as part of the warm-up. There is none then: step 0 has the "
        "whole base rate.",
        lambda s, base, w, n, kind: base * s / max(1, w) if s <= w else learning_rate(s, base, w, n, kind),
    ),
)
"""Of the first step where warmup_steps is 0."""


BATTERY_BASE = 3e-4


def battery(part: Literal["warmup", "decay", "ends"], *kinds: Kind) -> list[Arguments]:
    """Arguments that tell the misconceptions apart: steps of three schedules, before the end of the warm-up or from it.

    "ends" are the steps of schedules without warm-up, from the first to the last.
    """
    if part == "ends":
        return [(step, BATTERY_BASE, 0, total, kind) for kind in kinds for total in (1, 9) for step in range(total + 1)]
    arguments: list[Arguments] = []
    for warmup, total in ((3, 7), (4, 10), (7, 19)):
        steps = range(warmup) if part == "warmup" else range(warmup, total + 1)
        arguments += [(step, BATTERY_BASE, warmup, total, kind) for kind in kinds for step in steps]
    return arguments


def which(rate: Callable[..., float], arguments: Sequence[Arguments], misconceptions: Iterable[Misconception]) -> str:
    """The sentence of the misconception that gives the same as `rate` on a battery, else ""."""
    came = outputs(rate, arguments)

    def same(one: float, other: float) -> bool:
        return abs(one - other) <= TOLERANCE * BATTERY_BASE

    return diagnose(came, arguments, learning_rate, misconceptions, same) or _which_example(came, arguments)


def _which_example(came: Sequence[object], arguments: Sequence[Arguments]) -> str:
    """The sentence on rates that are those of the lesson's example wherever it has the step, to its four digits."""
    base, warmup, total = LESSON
    known = [
        (rate, learning_rate(step, base, warmup, total, kind))
        for rate, (step, *_, kind) in zip(came, arguments, strict=True)
        if step <= total and isinstance(rate, float)
    ]
    if len(known) < 3 or any(abs(rate - wanted) > 1e-3 * base for rate, wanted in known):
        return ""
    return (
        "These are the rates of the lesson's example, which has ten steps, two of them warm-up, and 5e-5 at the top. "
        "All three are arguments here, and have other values."
    )
