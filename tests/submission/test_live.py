"""Between live objects and plain values: what a student returns, and what a student is handed."""

import math
from collections import OrderedDict, UserDict, defaultdict, namedtuple
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, IntEnum, StrEnum
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import BatchEncoding
from transformers.trainer_utils import IntervalStrategy

from pytest_trainer.grading.outcome import TimedOut
from pytest_trainer.submission.codec import Array, CodecError, Opaque, decode, encode
from pytest_trainer.submission.live import freeze, thaw
from pytest_trainer.submission.recipe import Recipe
from pytest_trainer.submission.student import PRIVATE


@dataclass(frozen=True, slots=True)
class Words(Recipe):
    """A recipe that makes a fresh list."""

    words: tuple[str, ...]

    def make(self) -> list[str]:
        """The words."""
        return list(self.words)


def described(value: object) -> tuple[str, str, list[Any]]:
    frozen = freeze(value)
    assert isinstance(frozen, Array)
    return frozen.kind, frozen.dtype, frozen.data.tolist()


# -- arrays -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "kind", "dtype", "elements"),
    [
        (torch.tensor([1.5, 2], requires_grad=True), "tensor", "float32", [1.5, 2]),
        (torch.tensor([1.5, 2], requires_grad=True) * 2, "tensor", "float32", [3, 4]),
        (torch.nn.Parameter(torch.zeros(2)), "tensor", "float32", [0, 0]),
        (torch.tensor([1.5, -0.25], dtype=torch.bfloat16), "tensor", "bfloat16", [1.5, -0.25]),
        (torch.tensor([1.5], dtype=torch.float16), "tensor", "float16", [1.5]),
        (torch.arange(6).reshape(2, 3).T, "tensor", "int64", [[0, 3], [1, 4], [2, 5]]),
        (torch.arange(10)[2:8:3], "tensor", "int64", [2, 5]),
        (torch.ones(1, dtype=torch.int64).expand(2, 2), "tensor", "int64", [[1, 1], [1, 1]]),
        (torch.tensor(7), "tensor", "int64", 7),
        (torch.empty(0, 3), "tensor", "float32", []),
        (torch.tensor([True, False]), "tensor", "bool", [True, False]),
        (torch.tensor([1], dtype=torch.uint16), "tensor", "uint16", [1]),
        (torch.tensor([1 + 2j]).conj().imag, "tensor", "float32", [-2]),
        (np.arange(6).reshape(2, 3).T, "ndarray", "int64", [[0, 3], [1, 4], [2, 5]]),
        (np.arange(6)[::-2], "ndarray", "int64", [5, 3, 1]),
        (np.asfortranarray([[1, 2], [3, 4]]), "ndarray", "int64", [[1, 2], [3, 4]]),
        (np.arange(3, dtype=">i4"), "ndarray", "int32", [0, 1, 2]),
        (np.array(5), "ndarray", "int64", 5),
        (np.float64(0.5), "scalar", "float64", 0.5),
        (np.float32(0.5), "scalar", "float32", 0.5),
        (np.int64(3), "scalar", "int64", 3),
        (np.bool_(True), "scalar", "bool", True),
        (np.mean([1, 2]), "scalar", "float64", 1.5),
    ],
)
def test_arrays_keep_their_kind_dtype_and_elements(value: object, kind: str, dtype: str, elements: Any) -> None:
    assert described(value) == (kind, dtype, elements)
    crossed = decode(encode(freeze(value)))
    assert (crossed.kind, crossed.dtype, crossed.data.tolist()) == (kind, dtype, elements)


def test_python_numbers_stay_what_they_are() -> None:
    for value in (1, 1.5, True, math.inf, None, "x", b"x"):
        assert freeze(value) is value


def test_a_frozen_array_is_a_copy() -> None:
    tensor, array = torch.zeros(3), np.zeros(3)
    one, other = freeze(tensor), freeze(array)
    tensor[0] = array[0] = 1
    assert one.data.tolist() == other.data.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    "value",
    [
        torch.eye(2).to_sparse(),
        torch.empty(2, device="meta"),
        torch.tensor([1j]),
        torch.zeros(2).to(torch.float8_e4m3fn),
        np.array([1j]),
        np.array(["a"]),
        np.array([None]),
        np.zeros(2, dtype=[("a", "i4")]),
        np.datetime64("2026-01-01"),
        np.str_,
    ],
    ids=lambda value: f"{type(value).__name__}-{str(value)[:24]}",
)
@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_arrays_that_have_no_plain_form_become_opaque(value: object) -> None:
    frozen = freeze([value])[0]
    assert isinstance(frozen, Opaque)
    assert frozen.type == f"{type(value).__module__}.{type(value).__qualname__}"


# -- mappings ---------------------------------------------------------------------------------------------------------


class Looks:
    """An object with keys and items, and nothing else of a mapping."""

    def keys(self) -> Iterator[str]:
        return iter(("a", "b"))

    def __getitem__(self, key: str) -> str:
        return key * 2


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (BatchEncoding({"input_ids": [[1, 2]]}), {"input_ids": [[1, 2]]}),
        (UserDict({"a": 1}), {"a": 1}),
        (OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
        (defaultdict(list, {"a": [1]}), {"a": [1]}),
        (Looks(), {"a": "aa", "b": "bb"}),
        ({"outer": UserDict(inner=(1, [UserDict()]))}, {"outer": {"inner": (1, [{}])}}),
        ({1: "a", None: "b", 2.5: "c", False: "d"}, {1: "a", None: "b", 2.5: "c", False: "d"}),
        ({(1, 2): "a"}, {"(1, 2)": "a"}),
    ],
)
def test_whatever_has_keys_and_items_becomes_a_dict(value: object, plain: dict[Any, Any]) -> None:
    frozen = freeze(value)
    assert type(frozen) is dict
    assert frozen == plain
    assert list(frozen) == list(plain)


def test_tensors_in_a_batch_encoding_are_found() -> None:
    frozen = freeze(BatchEncoding({"input_ids": [[1, 2]]}, tensor_type="pt"))
    assert (frozen["input_ids"].kind, frozen["input_ids"].dtype) == ("tensor", "int64")


def test_the_class_dict_itself_is_no_mapping() -> None:
    assert freeze(dict) == Opaque("builtins.type", "<class 'dict'>")


# -- subclasses, and everything else ----------------------------------------------------------------------------------


class Level(IntEnum):
    HIGH = 3


class Colour(StrEnum):
    RED = "red"


class Loud(str):
    def __str__(self) -> str:
        return "something else"


class OldStyle(str, Enum):  # noqa: UP042 - as transformers has them
    EPOCH = "epoch"


class Metres(float):
    pass


class Rude(float):
    def __float__(self) -> float:
        raise RuntimeError("no")


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Level.HIGH, 3),
        (Colour.RED, "red"),
        (OldStyle.EPOCH, "epoch"),
        (IntervalStrategy.EPOCH, "epoch"),
        (Loud("plain"), "plain"),
        (Metres(1.5), 1.5),
        (Rude(1.5), 1.5),
    ],
)
def test_subclasses_of_numbers_and_strings_become_their_plain_value(value: Any, plain: object) -> None:
    frozen = freeze([value])[0]
    assert (type(frozen), frozen) == (type(plain), plain)


class Silent:
    def __repr__(self) -> str:
        raise ValueError("I say nothing")


class NoText:
    def __repr__(self) -> str:
        return 3  # type: ignore[return-value]


class Long:
    def __repr__(self) -> str:
        return "x" * 10_000


Pair = namedtuple("Pair", "one other")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Silent(), "<repr raised ValueError>"),
        (NoText(), "<repr raised TypeError>"),
        (Long(), "x" * 200 + " ..."),
        ({1}, "{1}"),
        (1j, "1j"),
        (Pair(1, 2), "Pair(one=1, other=2)"),
        (range(3), "range(0, 3)"),
    ],
)
def test_an_object_without_plain_form_is_known_by_type_and_text(value: object, text: str) -> None:
    frozen = freeze(value)
    assert frozen == Opaque(f"{type(value).__module__}.{type(value).__qualname__}", text)
    assert decode(encode(frozen)) == frozen


class Leaving:
    def __repr__(self) -> str:
        raise SystemExit(3)


class Late:
    def __repr__(self) -> str:
        raise TimedOut("no answer within 1 seconds")


def test_a_repr_may_neither_end_the_run_nor_outlive_its_limit() -> None:
    assert freeze(Leaving()).text == "<repr raised SystemExit>"
    with pytest.raises(TimedOut):
        freeze([Late()])


def test_a_class_of_the_students_own_has_its_own_name() -> None:
    kind = type("Batch", (), {"__module__": f"{PRIVATE}student_0_collation"})
    assert freeze(kind()).described == "a Batch"


def test_a_generator_is_not_run() -> None:
    def generator() -> Iterator[int]:
        raise AssertionError("it was run")
        yield 1

    frozen = freeze(generator())
    assert isinstance(frozen, Opaque)
    assert frozen.described == "a generator"


def test_what_holds_itself_cannot_be_handed_over() -> None:
    as_list: list[Any] = []
    as_list.append(as_list)
    as_mapping: UserDict[str, Any] = UserDict()
    as_mapping["me"] = as_mapping
    for loop in (as_list, as_mapping, {"a": (as_list,)}):
        with pytest.raises(CodecError, match="nested more than 60 levels deep"):
            freeze(loop)


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text() | st.integers(), inner, max_size=4)
    ),
    max_leaves=10,
)


@settings(deadline=None, database=None)
@given(plain)
def test_plain_data_crosses_unchanged_in_both_directions(value: Any) -> None:
    assert freeze(value) == value
    assert thaw(value) == value
    assert repr(thaw(decode(encode(freeze(value))))) == repr(value)


def test_a_frozen_list_is_a_copy() -> None:
    for value in ([1, 2], [1.5, 2], [[1], [2]]):
        frozen, thawed = freeze(value), thaw(value)
        frozen.append(3)
        thawed.append(3)
        assert len(value) == 2


# -- thawing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "int64", "int32", "uint8", "bool"])
def test_a_thawed_tensor_is_fresh_and_writable(dtype: str) -> None:
    array = Array("tensor", dtype, np.zeros((2, 2), dtype))
    one, other = thaw(array), thaw(array)
    one[0, 0] = 1
    assert (one.dtype, tuple(one.shape), one.requires_grad) == (getattr(torch, dtype), (2, 2), False)
    assert not other.any()
    assert not array.data.any()


def test_a_thawed_bfloat16_has_its_dtype() -> None:
    tensor = thaw(decode(encode(freeze(torch.tensor([1.5, 2], dtype=torch.bfloat16)))))
    assert tensor.dtype is torch.bfloat16
    assert tensor.tolist() == [1.5, 2]


def test_a_thawed_ndarray_is_fresh_and_writable() -> None:
    array = Array("ndarray", "int64", np.zeros(3, "int64"))
    array.data.flags.writeable = False
    one, other = thaw(array), thaw(array)
    one[0] = 1
    assert type(one) is np.ndarray
    assert other.tolist() == array.data.tolist() == [0, 0, 0]


def test_a_thawed_scalar_is_a_numpy_scalar() -> None:
    assert type(thaw(freeze(np.float32(0.5)))) is np.float32
    assert type(thaw(decode(encode(freeze(np.int64(5)))))) is np.int64


def test_0_dimensional_and_empty_arrays_thaw() -> None:
    assert thaw(freeze(torch.tensor(3))).shape == ()
    assert thaw(freeze(torch.empty(0, 3))).shape == (0, 3)
    assert thaw(freeze(np.array(3))).shape == ()


def test_recipes_are_made_wherever_they_stand() -> None:
    recipe = Words(("a", "b"))
    assert freeze([recipe]) == [recipe]
    assert thaw(({"data": [recipe]}, recipe)) == ({"data": [["a", "b"]]}, ["a", "b"])
    assert thaw(recipe) is not thaw(recipe)
