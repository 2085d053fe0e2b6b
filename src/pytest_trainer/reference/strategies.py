"""Hypothesis strategies for what the exercises are given: batches of tokenized pairs, logits with labels.

All logits stand on a grid of 1/512, on which the shifts and scalings drawn here are exact in float32: none
makes a tie or turns a prediction. Calling a function imports Hypothesis, drawing imports numpy.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy
    from numpy.typing import NDArray

    from pytest_trainer.reference.padding import Feature

LARGEST_LOGIT = 20
SMALLEST_GAP = 1e-3
STEPS = 512
"""Grid steps per unit: the smallest gap between two grid points, 1/512, is above SMALLEST_GAP."""

CLS, SEP, FIRST_WORD = 2, 3, 5
"""Ids of a BERT vocabulary that begins [PAD], [UNK], [CLS], [SEP], [MASK]; words end at FIRST_WORD + 256."""


def features(
    *, max_pairs: int = 8, min_words: int = 0, max_words: int = 12, with_pad_id: bool = False, pad_token_id: int = 0
) -> SearchStrategy[list[Feature]]:
    """Batches of 1 to `max_pairs` tokenized pairs, laid out by BERT as `[CLS] words [SEP] words [SEP]`.

    Each sentence has `min_words` to `max_words` words, so a pair has at most 2 * `max_words` + 3 tokens. `pad_token_id`
    is no word, unless `with_pad_id` asks for it: a text may say "[PAD]", and then only the mask tells.
    """
    from hypothesis import strategies as st

    def word(byte: int) -> int:
        if with_pad_id and byte % 4 == 3:
            return pad_token_id
        return FIRST_WORD + (byte if FIRST_WORD + byte != pad_token_id else 256)

    # One draw for a whole sentence: a list of integers takes several times as long.
    sentence = st.binary(min_size=min_words, max_size=max_words).map(lambda drawn: [word(byte) for byte in drawn])
    pair = st.builds(_feature, sentence, sentence, st.integers(0, 1))
    return st.lists(pair, min_size=1, max_size=max_pairs)


def short_or_long_features() -> SearchStrategy[list[Feature]]:
    """Batches as `features` draws them, or of pairs with 263 to 503 tokens: people cut to 128 or 256 out of habit."""
    from hypothesis import strategies as st

    return st.one_of(features(), features(), features(max_pairs=2, min_words=130, max_words=250))


def _feature(first: list[int], second: list[int], label: int) -> Feature:
    input_ids = [CLS, *first, SEP, *second, SEP]
    return {
        "input_ids": input_ids,
        "token_type_ids": [0] * (len(first) + 2) + [1] * (len(second) + 1),
        "attention_mask": [1] * len(input_ids),
        "label": label,
    }


def logits_and_labels(*, max_rows: int = 40) -> SearchStrategy[tuple[NDArray[Any], NDArray[Any]]]:
    """Logits, float32 (n, 2) with |x| <= 20 and a gap of at least 1/512 in each row, and labels, int64 (n,).

    n is 1 to `max_rows`. Every mixture of labels and predictions can come, and often one class is missing.
    """
    from hypothesis import strategies as st

    # Counterexamples shrink to the first: whole numbers, then fine ones, then small ones as of a fresh head.
    grids = st.sampled_from([(STEPS, LARGEST_LOGIT), (1, LARGEST_LOGIT * STEPS), (1, 32)])
    classes = st.sampled_from([(0, 1), (0, 1), (0, 1), (0,), (1,)])

    @st.composite
    def draw_table(draw: DrawFn) -> tuple[NDArray[Any], NDArray[Any]]:
        import numpy as np

        (unit, limit), winners, truths = draw(grids), draw(classes), draw(classes)
        logit = st.integers(-limit, limit)
        pair = st.tuples(logit, logit).filter(lambda row: row[0] != row[1])
        if len(winners) == 1:
            pair = pair.map(lambda row: (min(row), max(row)) if winners == (1,) else (max(row), min(row)))
        rows = draw(st.lists(st.tuples(pair, st.sampled_from(truths)), min_size=1, max_size=max_rows))
        logits = np.array([pair for pair, _ in rows], dtype=np.float32) * np.float32(unit / STEPS)
        return logits, np.array([label for _, label in rows], dtype=np.int64)

    return draw_table()


def permutations(n: int) -> SearchStrategy[list[int]]:
    """Orders of n rows: permutations of 0 .. n-1."""
    from hypothesis import strategies as st

    return st.permutations(range(n)).map(list)


def row_constants(logits: NDArray[Any]) -> SearchStrategy[NDArray[Any]]:
    """Constants, float32 (n, 1), to add to the rows of `logits`: the sums are exact and within |x| <= 20.

    `logits` is as `logits_and_labels` draws it.
    """
    from hypothesis import strategies as st

    limit = LARGEST_LOGIT * STEPS
    bounds = [
        (-limit - round(min(row) * STEPS), limit - round(max(row) * STEPS)) for row in logits.astype(float).tolist()
    ]
    return st.tuples(*(st.integers(low, high) for low, high in bounds)).map(_column)


def _column(steps: Sequence[int]) -> NDArray[Any]:
    import numpy as np

    return np.array(steps, dtype=np.float32)[:, np.newaxis] / np.float32(STEPS)


def scales(logits: NDArray[Any]) -> SearchStrategy[float]:
    """Positive numbers to multiply `logits` with: exact products, within |x| <= 20, with gaps >= 1e-3.

    `logits` is as `logits_and_labels` draws it. The numbers are multiples of 1/16 of at most 10 bits, so that
    their products with logits of 14 bits fit into the 24 bits of float32; 1.0 is always among them.
    """
    from hypothesis import strategies as st

    largest = float(abs(logits).max())
    gap = float(abs(logits[:, 1] - logits[:, 0]).min())
    fewest = math.ceil(16 * SMALLEST_GAP / gap)
    most = min(1023, math.floor(16 * LARGEST_LOGIT / largest))
    return st.integers(fewest, most).map(lambda sixteenths: sixteenths / 16)


def sampled_from(values: Sequence[Any]) -> SearchStrategy[Any]:
    """One of `values`; the first is the simplest."""
    from hypothesis import strategies as st

    return st.sampled_from(values)


def without_positives(table: tuple[NDArray[Any], NDArray[Any]]) -> tuple[NDArray[Any], NDArray[Any]]:
    """The same number of rows, none of them positive and none taken for positive: F1 is undefined there."""
    logits, labels = table
    ascending: NDArray[Any] = logits.copy()
    ascending.sort(axis=1)
    return ascending[:, ::-1].copy(), labels * 0


def moved_logits() -> SearchStrategy[tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]]:
    """Logits and labels, and both again after a move that changes no prediction: (n, 2), (n,), (n, 2), (n,).

    A move scales all logits by a positive number, adds a constant to each row, or reorders the rows.
    """
    from hypothesis import strategies as st

    @st.composite
    def draw_tables(draw: DrawFn) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
        logits, labels = draw(logits_and_labels())
        moved, order = logits, list(range(len(labels)))
        # Twice the constants, which alone tell a threshold from an argmax.
        match draw(st.sampled_from(("constants", "constants", "scale", "order"))):
            case "constants":
                moved = logits + draw(row_constants(logits))
            case "scale":
                moved = logits * draw(scales(logits))
            case _:
                order = draw(permutations(len(labels)))
        return logits, labels, moved.astype(logits.dtype)[order], labels[order]

    return draw_tables()
