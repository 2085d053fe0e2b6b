"""Hypothesis strategies for sentence pairs: short texts, and lengths of long ones with the limit that they exceed."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

Pair: TypeAlias = dict[str, str]
"""`sentence1` and `sentence2`."""

Case: TypeAlias = dict[str, int | list[tuple[int, int]]]
"""`model_max_length`, and under `tokens` how many tokens the two sentences of each pair have."""

TEXT = """
    profit sales fell rose Monday Boston 12 said . , jobs were cut by percent in Officials confirmed earnings the
    zinc Quickly 4711 bankrupt don't $ 3.5 ships receiving
"""
WORDS = tuple(TEXT.split())
"""Some are one piece, some several, and some hold punctuation."""
LIMITS = ((9, 127), (129, 511), (513, 699))
"""Below, between and above the lengths to which people truncate out of habit, 128 and 512."""

BEYOND_HABIT = (520, 640)


def sentence_pairs(*, min_pairs: int = 1, max_pairs: int = 4, max_words: int = 5) -> SearchStrategy[list[Pair]]:
    """Batches of pairs of short texts, each of 1 to `max_words` words or punctuation marks."""
    from hypothesis import strategies as st

    text = st.binary(min_size=1, max_size=max_words).map(
        lambda drawn: " ".join(WORDS[byte % len(WORDS)] for byte in drawn)
    )
    return st.lists(
        st.fixed_dictionaries({"sentence1": text, "sentence2": text}), min_size=min_pairs, max_size=max_pairs
    )


def limits() -> SearchStrategy[int]:
    """`model_max_length` for the pairs of `sentence_pairs`: one that they never reach, or one that cuts many."""
    from hypothesis import strategies as st

    return st.sampled_from((72, 72, 9))


def pairs_about_the_limit() -> SearchStrategy[Case]:
    """Pairs of two sentences as long as each other, or nearly, which together are a little below or above the limit.

    Either sentence alone would fit, and limits are odd, so that two halves fill the room: that shows what the limit is
    and not which sentence is cut.
    """
    from hypothesis import strategies as st

    @st.composite
    def draw_case(draw: DrawFn) -> Case:
        lowest, highest = draw(st.sampled_from(LIMITS))
        limit = lowest + 2 * draw(st.integers(0, (highest - lowest) // 2))
        room = limit - 3
        tokens = []
        for _ in range(draw(st.integers(1, 3))):
            both = draw(st.one_of(st.integers(room + 1, room + room // 2), st.integers(max(2, room - 3), room + 3)))
            tokens.append((both - both // 2, both // 2))
        return {"model_max_length": limit, "tokens": tokens}

    return draw_case()


def pairs_beyond_any_limit() -> SearchStrategy[Case]:
    """Two pairs, each with a sentence that alone exceeds any usual limit; the other is short, or as long.

    No limit is below 60: the library's time grows with the square of how many times a sentence exceeds it.
    """
    from hypothesis import strategies as st

    long, short = st.integers(*BEYOND_HABIT), st.integers(1, 20)
    unequal = st.one_of(st.tuples(long, short), st.tuples(short, long))
    second = st.one_of(unequal, st.tuples(long, long))
    return st.fixed_dictionaries(
        {"model_max_length": st.integers(60, 250), "tokens": st.tuples(unequal, second).map(list)}
    )
