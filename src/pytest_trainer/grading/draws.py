"""Where Hypothesis draws from: the seed alone, and not the constants of the modules that happen to be loaded."""

from __future__ import annotations

from hypothesis.internal.conjecture.providers import HypothesisProvider
from hypothesis.internal.constants_ast import Constants
from sortedcontainers import SortedSet


class SeededProvider(HypothesisProvider):
    """Hypothesis's own provider without its pool of constants found in local source files.

    That pool would hold the student's constants where their code runs in this process and not where it runs in
    a worker, so the same seed would draw other inputs.
    """

    @property
    def _local_constants(self) -> Constants:
        return Constants(integers=SortedSet(), floats=SortedSet(), bytes=SortedSet(), strings=SortedSet())
