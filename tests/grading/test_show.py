"""How values are shown to a student: short, on one line, at their first difference."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from pytest_trainer.grading.show import (
    LINES,
    RECORDS,
    WIDTH,
    aligned_lists,
    aligned_rows,
    first_difference,
    kind_of,
    show,
    table,
)
from pytest_trainer.submission.codec import Array, Opaque

quick = settings(deadline=None, database=None)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.lists(inner, max_size=5).map(tuple)
        | st.dictionaries(st.text(max_size=5), inner, max_size=5)
        | npst.arrays("float64", npst.array_shapes(min_side=0, max_side=3))
    ),
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (True, "True"),
        (3, "3"),
        (1.0, "1"),
        (0.1 + 0.2, "0.3"),
        (1e-9, "1e-09"),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
        ("a\nb", r"'a\nb'"),
        ([1, 2.5, "x"], "[1, 2.5, 'x']"),
        ((1,), "(1,)"),
        ((), "()"),
        ({"a": [1], 2: (3, 4)}, "{'a': [1], 2: (3, 4)}"),
        (np.array([[1, 2]]), "[[1, 2]]"),
        (np.float32(0.1), "0.1"),
        (Array("tensor", "int64", np.arange(2)), "a tensor of int64, shape (2,): [0, 1]"),
        (list(range(100)), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, ..."),
    ],
)
def test_values_are_shown_as_they_are_written(value: object, text: str) -> None:
    assert show(value) == text


@quick
@given(values, st.integers(10, 100))
def test_a_shown_value_is_one_line_that_fits(value: object, width: int) -> None:
    text = show(value, width)
    assert len(text) <= width
    assert len(text.splitlines()) == 1


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "None"),
        (True, "a bool"),
        (3, "an int"),
        (3.5, "a float"),
        ("x", "a string"),
        ([], "a list"),
        ((), "a tuple"),
        ({}, "a dict"),
        (Array("tensor", "int64", np.zeros((2, 3))), "a tensor of int64, shape (2, 3)"),
        (Array("scalar", "float32", np.float32(1)), "a numpy float32"),
        (Opaque("builtins.generator", ""), "a generator"),
        (Opaque("torch.nn.modules.linear.Linear", ""), "a torch.nn.modules.linear.Linear"),
    ],
)
def test_kinds_are_named_with_their_article(value: object, kind: str) -> None:
    assert kind_of(value) == kind


# -- inputs -----------------------------------------------------------------------------------------------------------


def test_a_small_input_is_one_line() -> None:
    assert table("steps", 3) == ["steps = 3"]
    assert len(table("labels", list(range(500)))[0]) <= WIDTH


def test_records_are_shown_one_after_the_other() -> None:
    rows = [{"input_ids": [1, 2], "label": 0}] * 6
    lines = table("features", rows)
    assert lines[:3] == ["features[0]", "  input_ids  [1, 2]", "  label      0"]
    assert lines[-1] == f"... and {6 - RECORDS} more"
    assert len(lines) == 3 * RECORDS + 1


def test_records_that_are_empty_are_shown() -> None:
    assert table("features", [{}]) == ["features[0]"]
    assert table("features", []) == ["features = []"]


def test_a_mapping_is_shown_entry_by_entry() -> None:
    case = {"model_max_length": 9, "tokens": [(4, 3)]}
    assert table("case", case) == ["case", "  model_max_length  9", "  tokens            [(4, 3)]"]
    assert table("case", {}) == ["case = {}"]


def test_arrays_of_the_same_rows_are_shown_row_by_row() -> None:
    logits, labels = np.array([[1.5, 10], [2, 3]]), np.array([0, 1])
    assert table("predictions", (logits, labels)) == [
        "predictions, row by row:",
        "[1.5, 10]  0",
        "   [2, 3]  1",
    ]
    assert table("logits_and_labels", (logits, labels)) == [
        "   logits  labels",
        "[1.5, 10]       0",
        "   [2, 3]       1",
    ]
    long = table("predictions", (np.zeros(50), np.zeros(50)))
    assert len(long) == LINES + 2
    assert long[-1] == f"... {50 - LINES} more"


def test_arrays_without_rows_are_shown() -> None:
    empty = (np.zeros((0, 2)), np.zeros(0))
    assert table("predictions", empty) == ["predictions, row by row:"]
    assert table("logits_and_labels", empty) == ["logits  labels"]


def test_tuples_of_other_things_are_one_line() -> None:
    assert table("x", (np.zeros(2), np.zeros(3))) == ["x = ([0, 0], [0, 0, 0])"]
    assert table("x", (1, 2)) == ["x = (1, 2)"]
    assert table("x", ()) == ["x = ()"]


# -- differences ------------------------------------------------------------------------------------------------------


@quick
@given(st.data(), npst.array_shapes(min_dims=0, max_dims=3, max_side=4))
def test_the_first_difference_is_the_first_in_reading_order(data: st.DataObject, shape: tuple[int, ...]) -> None:
    wanted = data.draw(npst.arrays("float64", shape, elements=st.sampled_from([0.0, 1.0, math.nan])))
    came = data.draw(npst.arrays("float64", shape, elements=st.sampled_from([0.0, 1.0, math.nan])))
    pairs = zip(wanted.ravel().tolist(), came.ravel().tolist(), strict=True)
    differing = [i for i, (w, c) in enumerate(pairs) if not (w == c or (w != w and c != c))]
    if differing:
        where = first_difference(wanted, came)
        assert where == tuple(map(int, np.unravel_index(differing[0], shape)))
        assert all(type(i) is int for i in where)


def test_rows_stand_one_above_the_other_with_a_mark() -> None:
    assert aligned_rows([101, 7, 0], [101, 12, 0], 1) == [
        "  wanted     [101  7 0]",
        "  came back  [101 12 0]",
        "                   ^",
    ]


def test_lists_of_different_lengths_stand_one_above_the_other() -> None:
    assert aligned_lists([4, 4, 3], [8, 3]) == ["  wanted     [4 4 3]", "  came back  [8 3  ]", "              ^"]
    assert aligned_lists(["a", "b"], ["a", "b", "c"], str) == [
        "  wanted      a b",
        "  came back   a b c",
        "                  ^",
    ]
    above, below, _ = aligned_lists(range(100), range(200))
    assert len(above) == len(below) <= WIDTH
    assert "..." in above


cell = st.integers(-(10**6), 10**6) | st.floats() | st.none() | st.text(st.sampled_from("ab"), max_size=6)


@settings(quick, max_examples=60)
@given(st.lists(st.tuples(cell, cell), min_size=1, max_size=40), st.data())
def test_the_mark_stands_under_the_differing_column(rows: list[tuple[Any, Any]], data: st.DataObject) -> None:
    column = data.draw(st.integers(0, len(rows) - 1))
    wanted, came = [w for w, _ in rows], [c for _, c in rows]
    above, below, mark = aligned_rows(wanted, came, column)
    assert len(above) == len(below) <= WIDTH
    assert mark.strip() == "^"
    at = mark.index("^") + 1
    assert above[:at].endswith(show(wanted[column]))
    assert below[:at].endswith(show(came[column]))
    assert above[at] in " ]"
