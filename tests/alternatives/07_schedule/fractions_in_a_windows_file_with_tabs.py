"""Saved on Windows, with tabs: functions by kind, exact fractions, and a main block."""

from fractions import Fraction
from functools import partial
from math import cos, pi


def linear(progress: Fraction) -> Fraction:
	return 1 - progress


def cosine(progress: Fraction) -> float:
	return .5 + .5 * cos(pi * progress)


def scheduled(kinds, /, step, base, *steps_and_kind):
	warmup, total, kind = steps_and_kind
	match step:
		case int() if step < warmup:
			factor = Fraction(step, warmup)
		case _:
			factor = kinds[kind](Fraction(step - warmup, total - warmup))
	return float(factor) * base


learning_rate = partial(scheduled, {"linear": linear, "cosine": cosine})

if __name__ == "__main__":
	print([learning_rate(s, 1.0, 2, 10, "cosine") for s in range(11)])
