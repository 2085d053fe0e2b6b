"""What a check says of an answer: the checked form, or one sentence with the first difference."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from pytest_trainer.grading.expect import close, mapping, number, same_array, same_lists, tensor, wrong
from pytest_trainer.grading.outcome import WrongAnswer
from pytest_trainer.submission.codec import Array, Opaque

quick = settings(deadline=None, database=None)


def refusal(check: Any, *args: Any, **words: Any) -> list[str]:
    with pytest.raises(WrongAnswer) as caught:
        check(*args, **words)
    return caught.value.message.splitlines()


def test_a_wrong_answer_is_a_sentence_with_lines() -> None:
    error = wrong("It is wrong.", "  wanted 1", diagnosis="It is padding.")
    assert (error.message, error.diagnosis) == ("It is wrong.\n  wanted 1", "It is padding.")


# -- mappings ---------------------------------------------------------------------------------------------------------


def test_a_mapping_with_the_keys_is_given_back() -> None:
    value = {"b": 1, "a": 2}
    assert mapping(value, "the batch", ["a", "b"]) is value
    assert mapping({**value, "c": 3}, "the batch", ["a"], extra=True)["c"] == 3


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        (None, ["the batch: wanted a mapping with the keys a, b, came back None."]),
        ([1], ["the batch: wanted a mapping with the keys a, b, came back a list."]),
        (
            Array("tensor", "int64", np.zeros((2, 2))),
            ["the batch: wanted a mapping with the keys a, b, came back a tensor of int64, shape (2, 2)."],
        ),
        (Opaque("builtins.set", ""), ["the batch: wanted a mapping with the keys a, b, came back a set."]),
        ({"b": 1}, ["the batch lacks a.", "  wanted     a, b", "  came back  b"]),
        ({}, ["the batch lacks a, b.", "  wanted     a, b", "  came back  nothing"]),
        (
            {"a": 1, "b": 2, "d": 3, 4: 5},
            ["the batch has 4, d, which nobody asked for.", "  wanted     a, b", "  came back  a, b, d, 4"],
        ),
    ],
)
def test_anything_else_is_told_by_its_keys(value: object, lines: list[str]) -> None:
    assert refusal(mapping, value, "the batch", ["b", "a"]) == lines


def test_no_keys_are_no_keys() -> None:
    assert refusal(mapping, 3, "metrics", []) == ["metrics: wanted a mapping, came back an int."]


# -- tensors and numbers ----------------------------------------------------------------------------------------------


def test_a_tensor_gives_its_elements() -> None:
    data = np.zeros((2, 3), "int64")
    assert tensor(Array("tensor", "int64", data), "input_ids") is data
    assert tensor(Array("tensor", "int64", data), "input_ids", "int64", 2) is data


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ([[1]], "labels: wanted a tensor of int64, came back a list."),
        (None, "labels: wanted a tensor of int64, came back None."),
        (
            Array("ndarray", "int64", np.zeros(2)),
            "labels: wanted a tensor of int64, came back an ndarray of int64, shape (2,).",
        ),
        (
            Array("tensor", "float32", np.zeros(2)),
            "labels: wanted a tensor of int64, came back a tensor of float32, shape (2,).",
        ),
        (
            Array("tensor", "int64", np.zeros((2, 1))),
            "labels: wanted 1 dimensions, came back a tensor of shape (2, 1).",
        ),
    ],
)
def test_what_is_no_such_tensor_is_told_by_its_kind(value: object, sentence: str) -> None:
    assert refusal(tensor, value, "labels", "int64", 1) == [sentence]


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (3, 3.0),
        (0.5, 0.5),
        (Array("scalar", "float64", np.array(0.5)), 0.5),
        (Array("scalar", "int64", np.array(2)), 2.0),
        (Array("tensor", "float32", np.array(0.5, "float32")), 0.5),
        (Array("tensor", "float32", np.array([0.5], "float32")), 0.5),
        (math.inf, math.inf),
    ],
)
def test_what_the_trainer_logs_as_a_number_is_one(value: object, plain: float) -> None:
    came = number(value, "accuracy")
    assert (type(came), came) == (float, plain)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        "0.5",
        [0.5],
        {"accuracy": 0.5},
        Array("ndarray", "float64", np.array(0.5)),
        Array("tensor", "float32", np.zeros(2)),
        Array("tensor", "bool", np.array(True)),
        Array("scalar", "bool", np.array(True)),
        Opaque("builtins.complex", "1j"),
    ],
    ids=repr,
)
def test_anything_else_is_no_number(value: object) -> None:
    [sentence] = refusal(number, value, "accuracy")
    assert sentence.startswith("accuracy: wanted a number such as 0.8578, came back ")


def test_an_int_too_large_for_a_float_is_no_crash() -> None:
    [sentence] = refusal(close, 10**400, 0.5, "accuracy", within=1e-6)
    assert sentence.startswith("accuracy: wanted ")


def test_closeness_has_its_tolerance() -> None:
    assert close(0.5, 0.5 + 1e-7, "f1", within=1e-6) == 0.5
    assert refusal(close, 0.5, 0.6, "f1", within=1e-6, because="the positive class is 1") == [
        "f1: wanted 0.6, came back 0.5, the positive class is 1."
    ]
    assert refusal(close, math.nan, 0.6, "f1", within=1.0) == ["f1: wanted 0.6, came back nan."]
    assert refusal(close, math.inf, 0.6, "f1", within=1.0) == ["f1: wanted 0.6, came back inf."]


# -- arrays -----------------------------------------------------------------------------------------------------------


def test_shapes_come_first() -> None:
    assert refusal(same_array, np.zeros((2, 3)), np.zeros((2, 4)), "input_ids") == [
        "input_ids: wanted the shape (2, 4), came back (2, 3)."
    ]


def test_the_row_of_the_first_difference_is_shown() -> None:
    wanted = np.array([[1, 2, 3], [4, 5, 6]])
    came = np.array([[1, 2, 3], [4, 50, 60]])
    assert refusal(same_array, came, wanted, "input_ids") == [
        "input_ids, row 1, position 1: wanted 5, came back 50.",
        "  wanted     [4  5  6]",
        "  came back  [4 50 60]",
        "                 ^",
    ]


@pytest.mark.parametrize(
    ("shape", "at", "place"),
    [
        ((), (), "loss: wanted 0, came back 1."),
        ((3,), (2,), "loss, index 2: "),
        ((2, 2, 2), (1, 0, 1), "loss, index 1, 0, 1: "),
    ],
)
def test_every_number_of_dimensions_has_its_place(shape: tuple[int, ...], at: tuple[int, ...], place: str) -> None:
    wanted, came = np.zeros(shape), np.zeros(shape)
    came[at] = 1
    assert refusal(same_array, came, wanted, "loss")[0].startswith(place)


@quick
@given(st.data(), npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))
def test_arrays_are_the_same_or_refused(data: st.DataObject, shape: tuple[int, ...]) -> None:
    elements = st.sampled_from([0.0, 1.0, math.nan, math.inf])
    wanted = data.draw(npst.arrays("float64", shape, elements=elements))
    came = data.draw(npst.arrays("float64", shape, elements=elements))
    same_array(wanted.copy(), wanted, "x")
    if not np.array_equal(wanted, came, equal_nan=True):
        assert refusal(same_array, came, wanted, "x")[0].startswith("x")


# -- lists ------------------------------------------------------------------------------------------------------------


def test_lists_are_told_by_their_length_and_first_difference() -> None:
    same_lists([1, "a"], [1, "a"], "steps")
    same_lists((1, 2), [1, 2], "steps")
    assert refusal(same_lists, [1], [1, 2], "steps") == ["steps: wanted 2 elements, came back 1."]
    assert refusal(same_lists, [1, 2, 4], [1, 3, 5], "steps") == [
        "steps: element 1 differs.",
        "  wanted     [1 3 5]",
        "  came back  [1 2 4]",
        "                ^",
    ]
