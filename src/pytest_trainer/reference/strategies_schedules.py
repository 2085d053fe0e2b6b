"""Hypothesis strategies for the arguments of a schedule: (step, base, warmup_steps, total_steps, kind)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from pytest_trainer.reference.schedules import Arguments, Kind

BASES = (2e-5, 5e-5, 1e-3, 0.5)
MOST_STEPS = 2000


def warmup_steps(*kinds: Kind) -> SearchStrategy[Arguments]:
    """Steps of a warm-up: 0 <= step < warmup_steps < total_steps."""
    from hypothesis import strategies as st

    @st.composite
    def draw_arguments(draw: DrawFn) -> Arguments:
        total = draw(_totals(2))
        warmup = draw(st.integers(1, total - 1))
        return draw(_between(0, warmup - 1)), draw(_bases()), warmup, total, draw(st.sampled_from(kinds))

    return draw_arguments()


def decay_steps(*kinds: Kind) -> SearchStrategy[Arguments]:
    """Steps of the decay after a warm-up: 1 <= warmup_steps <= step <= total_steps."""
    from hypothesis import strategies as st

    @st.composite
    def draw_arguments(draw: DrawFn) -> Arguments:
        total = draw(_totals(2))
        warmup = draw(st.integers(1, total - 1))
        return draw(_between(warmup, total)), draw(_bases()), warmup, total, draw(st.sampled_from(kinds))

    return draw_arguments()


def without_warmup(*kinds: Kind) -> SearchStrategy[list[Arguments]]:
    """The first and the last step of each kind of schedule where warmup_steps is 0, and any between them.

    total_steps is at least 1.
    """
    from hypothesis import strategies as st

    @st.composite
    def draw_steps(draw: DrawFn) -> list[Arguments]:
        total, base = draw(_totals(1)), draw(_bases())
        between = draw(_between(0, total))
        return [(step, base, 0, total, kind) for kind in kinds for step in (0, total, between)]

    return draw_steps()


def _totals(fewest: int) -> SearchStrategy[int]:
    from hypothesis import strategies as st

    return st.one_of(st.integers(fewest, 12), st.integers(fewest, 100), st.integers(fewest, MOST_STEPS))


def _bases() -> SearchStrategy[float]:
    from hypothesis import strategies as st

    return st.sampled_from(BASES)


def _between(low: int, high: int) -> SearchStrategy[int]:
    """A whole number from `low` to `high`; both ends come often."""
    from hypothesis import strategies as st

    return st.one_of(st.integers(low, high), st.sampled_from((low, high)))
