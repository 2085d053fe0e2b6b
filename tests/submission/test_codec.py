"""The codec: what goes in comes out the same, and nothing that arrives is believed, allocated or run."""

import json
import math
import sys
import tracemalloc
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from pytest_trainer.submission import codec
from pytest_trainer.submission.codec import ARRAY_KINDS, DTYPES, Array, CodecError, Opaque, decode, encode
from pytest_trainer.submission.recipe import Recipe

quick = settings(deadline=None, database=None, max_examples=100)


@dataclass(frozen=True, slots=True)
class Sentence(Recipe):
    """A recipe to send; `made` counts how often one was made."""

    text: str
    times: Any = 1

    made: ClassVar[list[str]] = []

    def make(self) -> str:
        """The text, repeated."""
        self.made.append(self.text)
        return self.text * self.times


def array_of(dtype: str) -> st.SearchStrategy[Array]:
    carrier = np.dtype("float32" if dtype == "bfloat16" else dtype)
    data = npst.arrays(carrier, npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))
    return st.builds(Array, st.sampled_from(ARRAY_KINDS), st.just(dtype), data)


arrays = st.sampled_from(sorted(DTYPES)).flatmap(array_of)
atoms = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()))
    | st.binary(max_size=20)
)
keys = st.recursive(atoms, lambda inner: st.lists(inner, max_size=3).map(tuple), max_leaves=4)
leaves = atoms | arrays | st.builds(Opaque, st.text(), st.text())
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
        | st.builds(Sentence, st.text(), inner)
    ),
    max_leaves=12,
)


def same(one: Any, other: Any) -> bool:
    """Equality that tells types apart, looks into arrays and takes one NaN for another."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return (math.copysign(1, one) == math.copysign(1, other) and one == other) or (one != one and other != other)
    if isinstance(one, Array):
        alike = (one.kind, one.dtype, one.data.dtype, one.data.shape)
        return alike == (other.kind, other.dtype, other.data.dtype, other.data.shape) and bool(
            np.array_equal(one.data, other.data, equal_nan=one.data.dtype.kind == "f")
        )
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, Sentence):
        return same((one.text, one.times), (other.text, other.times))
    return bool(one == other)


def message_of(header: object, buffers: bytes = b"") -> bytes:
    raw = json.dumps(header).encode()
    return len(raw).to_bytes(8, "little") + raw + buffers


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


# -- there and back ---------------------------------------------------------------------------------------------------


@quick
@given(values)
@example([math.nan, math.inf, -math.inf, -0.0, 2**200, -(2**200)])
@example({(1, ("a", None)): 1, 2.5: {}, None: [], False: (), "$": "dict"})
@example({"$": "array", "shape": [10**9]})
@example([1.0, 1, True, "1", b"1"])
def test_everything_comes_back_as_it_went_in(value: Any) -> None:
    assert same(decode(encode(value)), value)


@pytest.mark.parametrize("dtype", sorted(DTYPES))
@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (5,), (2, 3)])
def test_arrays_of_every_dtype_and_shape_come_back(dtype: str, shape: tuple[int, ...]) -> None:
    carrier = "float32" if dtype == "bfloat16" else dtype
    array = Array("ndarray", dtype, np.arange(math.prod(shape)).reshape(shape).astype(carrier))
    assert same(decode(encode(array)), array)


@pytest.mark.parametrize(
    "data",
    [
        np.arange(6).reshape(2, 3).T,
        np.arange(6)[::-2],
        np.arange(6, dtype=">i8"),
        np.broadcast_to(np.int64(7), (2, 2)),
    ],
    ids=["transposed", "stepped", "big-endian", "broadcast"],
)
def test_the_layout_in_memory_makes_no_difference(data: np.ndarray[Any, Any]) -> None:
    assert decode(encode(Array("ndarray", "int64", data))).data.tolist() == data.tolist()


def test_arrays_that_came_back_may_be_written_and_share_nothing() -> None:
    array = Array("ndarray", "int64", np.arange(4))
    message = encode([array, array])
    one, other = decode(message)
    one.data[0] = 99
    assert (other.data[0], decode(message)[0].data[0]) == (0, 0)


def test_an_array_speaks_in_the_words_of_a_student() -> None:
    data = np.zeros((2, 3))
    assert Array("tensor", "float32", data).described == "a tensor of float32, shape (2, 3)"
    assert Array("ndarray", "int64", data).described == "an ndarray of int64, shape (2, 3)"
    assert Array("scalar", "float64", np.float64(1)).described == "a numpy float64"
    assert repr(Array("tensor", "int64", np.arange(2))) == "a tensor of int64, shape (2,): [0, 1]"
    assert Opaque("builtins.set", "{1}").described == "a set"
    assert Opaque("torch.Size", "").described == "a torch.Size"


# -- what cannot be sent ----------------------------------------------------------------------------------------------


class Odd:
    pass


class Number(int):
    pass


@pytest.mark.parametrize("value", [Odd(), {1, 2}, np.float64(1), np.arange(2), 1j, Number(3), len, range(3)])
@pytest.mark.parametrize("wrap", [lambda v: v, lambda v: [1, v], lambda v: {"a": (v,)}])
def test_what_is_not_plain_is_refused_by_the_name_of_its_type(value: object, wrap: Any) -> None:
    with pytest.raises(CodecError, match=f"a {type(value).__name__} cannot be handed over"):
        encode(wrap(value))


def test_a_list_that_holds_itself_is_refused() -> None:
    loop: list[Any] = [1]
    loop.append(loop)
    with pytest.raises(CodecError, match="nested more than 60 levels"):
        encode(loop)


def test_a_mapping_that_holds_itself_is_refused() -> None:
    loop: dict[str, Any] = {}
    loop["me"] = (loop,)
    with pytest.raises(CodecError, match="nested more than 60 levels"):
        encode(loop)


def test_what_is_nested_too_deeply_is_refused_on_both_sides() -> None:
    assert decode(encode(nested(codec.MAX_DEPTH))) == nested(codec.MAX_DEPTH)
    with pytest.raises(CodecError):
        encode(nested(codec.MAX_DEPTH + 1))
    with pytest.raises(CodecError):
        decode(message_of(nested(codec.MAX_DEPTH + 1)))
    with pytest.raises(CodecError):
        decode(message_of(nested(100_000)) if sys.version_info >= (3, 14) else _brackets(100_000))


def _brackets(depth: int) -> bytes:
    raw = b"[" * depth + b"]" * depth
    return len(raw).to_bytes(8, "little") + raw


def test_an_answer_with_too_many_bytes_is_refused_on_both_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    message = encode(b"x" * 2_000)
    monkeypatch.setattr(codec, "MAX_BYTES", 1_000)
    with pytest.raises(CodecError, match=r"at most 1,000 can be handed over"):
        encode(b"x" * 2_000)
    with pytest.raises(CodecError, match="too large"):
        decode(message)


@pytest.mark.parametrize("value", [[1] * 101, [1.5] * 101, [[1] * 60, [1] * 60], {i: i for i in range(60)}])
def test_an_answer_with_too_many_parts_is_refused_on_both_sides(value: object, monkeypatch: pytest.MonkeyPatch) -> None:
    message = encode(value)
    monkeypatch.setattr(codec, "MAX_NODES", 100)
    with pytest.raises(CodecError, match="more than 100 parts"):
        encode(value)
    with pytest.raises(CodecError, match="too many parts"):
        decode(message)


def test_an_int_with_more_digits_than_python_prints_is_refused() -> None:
    with pytest.raises(CodecError):
        encode(10**5_000)


# -- what arrives is not believed -------------------------------------------------------------------------------------


def decodes_or_refuses(message: bytes) -> None:
    try:
        decode(message)
    except CodecError as error:
        assert str(error).startswith("the message is ")  # noqa: PT017 - either end is right


@quick
@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_refused_by_one_error(raw: bytes) -> None:
    decodes_or_refuses(raw)
    decodes_or_refuses(len(raw).to_bytes(8, "little") + raw)


@quick
@given(values, st.data())
def test_a_message_cut_anywhere_is_refused(value: Any, data: st.DataObject) -> None:
    message = encode(value)
    decodes_or_refuses(message[: data.draw(st.integers(0, len(message) - 1))])


@settings(quick, max_examples=200)
@given(values, st.lists(st.tuples(st.integers(0, 10**4), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_message_with_changed_bytes_raises_nothing_else(value: Any, changes: list[tuple[int, int]]) -> None:
    message = bytearray(encode(value))
    for at, byte in changes:
        message[8 + at % (len(message) - 8)] = byte
    decodes_or_refuses(bytes(message))


WORDS = ("$", "kind", "dtype", "shape", "at", "length", "items", "fields", "name", "type", "text")
plain_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(WORDS), inner, max_size=6)
        | st.fixed_dictionaries(
            {"$": st.sampled_from(["float", "tuple", "dict", "array", "bytes", "opaque", "recipe"])},
            optional={
                "kind": inner | st.just("tensor"),
                "dtype": inner | st.just("int64"),
                "shape": inner | st.lists(st.integers(-1, 3), max_size=3),
                "at": inner | st.just(0),
                "length": inner | st.just(2),
                "items": inner,
                "fields": inner,
                "name": inner | st.just("Sentence"),
                "text": inner | st.just("nan"),
                "type": inner,
            },
        )
    ),
    max_leaves=12,
)


@settings(quick, max_examples=200)
@given(plain_json, st.binary(max_size=64))
def test_a_header_of_any_json_raises_nothing_else(header: Any, buffers: bytes) -> None:
    decodes_or_refuses(message_of(header, buffers))


ARRAY = {"$": "array", "kind": "ndarray", "dtype": "int64", "shape": [2], "at": 0}


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"a": 1},
        {"$": "unknown"},
        {"$": None},
        {"$": ["dict"]},
        {"$": "float", "text": "1e400"},
        {"$": "float", "text": []},
        {"$": "tuple"},
        {"$": "tuple", "items": 3},
        {"$": "dict", "items": [[1]]},
        {"$": "dict", "items": [[[1], 2]]},
        {"$": "dict", "items": [[{"$": "dict", "items": []}, 2]]},
        {"$": "dict", "items": [[ARRAY | {"shape": []}, 1]] * 2 + [[[], 1]]},
        {"$": "bytes", "at": 0, "length": 17},
        {"$": "bytes", "at": -1, "length": 1},
        {"$": "bytes", "at": 8, "length": -1},
        {"$": "bytes", "at": 0.0, "length": 1},
        {"$": "bytes", "at": 2**70, "length": 2**70},
        {"$": "opaque", "type": "x"},
        {"$": "recipe", "name": "Sentence", "fields": {}},
        {"$": "recipe", "name": "Sentence", "fields": {"text": "a", "other": 1}},
        {"$": "recipe", "name": "Sentence", "fields": [["text", "a"]]},
        {"$": "recipe", "name": "Sentence", "fields": None},
        {"$": "recipe", "name": "Recipe", "fields": {}},
        {"$": "recipe", "name": "os.system", "fields": {"command": "true"}},
        {"$": "recipe", "name": ["Sentence"], "fields": {"text": "a"}},
        ARRAY | {"at": 1},
        ARRAY | {"at": -8},
        ARRAY | {"at": None},
        ARRAY | {"shape": [3]},
        ARRAY | {"shape": [-2]},
        ARRAY | {"shape": [-1, -2]},
        ARRAY | {"shape": [1.0]},
        ARRAY | {"shape": 2},
        ARRAY | {"shape": [1] * 17},
        ARRAY | {"shape": [2**40, 2**40]},
        ARRAY | {"kind": "pickle"},
        ARRAY | {"kind": []},
        ARRAY | {"dtype": "object"},
        ARRAY | {"dtype": "O"},
        ARRAY | {"dtype": ["int64"]},
        ARRAY | {"dtype": "complex64"},
    ],
    ids=lambda header: json.dumps(header)[:60],
)
def test_a_malformed_header_is_refused(header: object) -> None:
    with pytest.raises(CodecError):
        decode(message_of(header, bytes(16)))


@pytest.mark.parametrize(
    "raw", [b"NaN", b"Infinity", b"-Infinity", b"[NaN]", b"", b"{", b"nul", b"\xff\xfe", b"9" * 5_000]
)
def test_what_is_no_json_of_ours_is_refused(raw: bytes) -> None:
    with pytest.raises(CodecError):
        decode(len(raw).to_bytes(8, "little") + raw)


@pytest.mark.parametrize("shape", [[2**28], [2**27, 2**27], [2**20] * 16, [0] + [2**28] * 15])
def test_a_huge_shape_allocates_nothing(shape: list[int]) -> None:
    message = message_of(ARRAY | {"shape": shape}, bytes(16))
    tracemalloc.start()
    try:
        decodes_or_refuses(message)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2**20


def test_a_huge_length_of_header_is_refused() -> None:
    with pytest.raises(CodecError, match="cut off"):
        decode(b"\xff" * 8 + b"{}")


def test_a_recipe_is_not_made_by_decoding_it() -> None:
    Sentence.made.clear()
    assert decode(encode(Sentence("hello", 2))) == Sentence("hello", 2)
    assert Sentence.made == []


def test_nothing_is_unpickled_or_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    import pickle

    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("pickle was used")

    for name in ("loads", "load", "dumps", "dump", "Unpickler", "Pickler"):
        monkeypatch.setattr(pickle, name, forbidden)
    array = Array("ndarray", "int64", np.arange(3))
    assert same(decode(encode([array, Sentence("a")])), [array, Sentence("a")])
    loaded = set(sys.modules)
    with pytest.raises(CodecError):
        decode(message_of({"$": "recipe", "name": "this.s", "fields": {}}))
    with pytest.raises(CodecError):
        decode(message_of({"$": "array", "kind": "ndarray", "dtype": "object", "shape": [1], "at": 0}, pickle_bomb()))
    assert set(sys.modules) == loaded


def pickle_bomb() -> bytes:
    return b"cos\nsystem\n(S'exit 3'\ntR."
