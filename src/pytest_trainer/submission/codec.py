"""The one codec: plain data, arrays and recipes to bytes and back, without pickle and without trust.

A message is the length of its header (8 bytes, little-endian), a JSON header, and the raw bytes of its arrays.
Nothing here imports torch, and numpy only where an array occurs.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from pytest_trainer.submission.recipe import Recipe

if TYPE_CHECKING:
    import numpy as np

MAX_BYTES = 256 * 2**20
MAX_DEPTH = 60
MAX_NODES = 2_000_000
INTEGERS = tuple(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64))
DTYPES = frozenset({"bool", *INTEGERS, "float16", "float32", "float64", "bfloat16"})
ARRAY_KINDS = ("tensor", "ndarray", "scalar")


ATOMS = frozenset({int, bool, str, type(None)})


class CodecError(ValueError):
    """A message or a value that cannot cross; its text is one sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class Array:
    """Numbers that crossed: `kind` is tensor, ndarray or scalar (a numpy scalar), `dtype` what it was there.

    `data` holds the elements in that dtype, but bfloat16, which numpy lacks, as float32.
    """

    kind: str
    dtype: str
    data: np.ndarray[Any, Any]

    @property
    def described(self) -> str:
        """In a student's words: 'a tensor of int64, shape (2, 3)'."""
        if self.kind == "scalar":
            return f"a numpy {self.dtype}"
        return f"{'a tensor' if self.kind == 'tensor' else 'an ndarray'} of {self.dtype}, shape {self.data.shape}"

    def __repr__(self) -> str:
        return f"{self.described}: {self.data.tolist()}"


@dataclass(frozen=True, slots=True)
class Opaque:
    """An object that cannot cross: only the name of its type and a short text did."""

    type: str
    text: str

    @property
    def described(self) -> str:
        """In a student's words: 'a transformers.trainer.Trainer'."""
        return f"a {self.type.removeprefix('builtins.')}"


def encode(value: object) -> bytes:
    """The bytes of a value made of plain data, `Array`, `Opaque` and recipes.

    Raises:
        CodecError: what it holds cannot cross, is nested too deeply or too large.
    """
    writer = _Writer()
    try:
        header = json.dumps(writer.plain(value, 0), allow_nan=False, ensure_ascii=True).encode()
    except CodecError:
        raise
    except (ValueError, RecursionError) as error:
        raise CodecError(f"the answer cannot be written: {error}.") from None
    message = b"".join((len(header).to_bytes(8, "little"), header, *writer.buffers))
    if len(message) > MAX_BYTES:
        raise CodecError(f"the answer has {len(message):,} bytes; at most {MAX_BYTES:,} can be handed over.")
    return message


def decode(message: bytes) -> Any:
    """The value of a message; recipes come back as themselves, only of types known here.

    Raises:
        CodecError: the message is malformed; nothing of it is believed.
    """
    if len(message) > MAX_BYTES:
        raise CodecError("the message is too large.")
    length = int.from_bytes(message[:8], "little")
    if len(message) < 8 or length > len(message) - 8:
        raise CodecError("the message is cut off.")
    try:
        header = json.loads(message[8 : 8 + length], parse_constant=_no_constant)
        return _Reader(memoryview(message)[8 + length :]).value(header, 0)
    except CodecError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError) as error:
        raise CodecError(f"the message is malformed ({type(error).__name__}).") from None


def _no_constant(name: str) -> object:
    raise CodecError(f"the message is malformed ({name}).")


def is_flat(values: list[Any]) -> bool:
    """Whether a list holds nothing but ints, bools, strings and None: the many lists of token ids need no walk."""
    return set(map(type, values)) <= ATOMS


class _Writer:
    def __init__(self) -> None:
        self.buffers: list[bytes] = []
        self.offset = 0
        self.nodes = 0

    def plain(self, value: Any, depth: int) -> Any:
        self._count(1)
        if depth > MAX_DEPTH:
            raise CodecError(f"the answer is nested more than {MAX_DEPTH} levels deep.")
        kind = type(value)
        if value is None or kind in (bool, int, str):
            return value
        if kind is float:
            return value if math.isfinite(value) else {"$": "float", "text": str(value)}
        if kind is list:
            if is_flat(value):
                self._count(len(value))
                return value
            return [self.plain(item, depth + 1) for item in value]
        if kind is tuple:
            return {"$": "tuple", "items": [self.plain(item, depth + 1) for item in value]}
        if kind is dict:
            pairs = [[self.plain(key, depth + 1), self.plain(item, depth + 1)] for key, item in value.items()]
            return {"$": "dict", "items": pairs}
        return self._tagged(value, depth)

    def _count(self, parts: int) -> None:
        self.nodes += parts
        if self.nodes > MAX_NODES:
            raise CodecError(f"the answer has more than {MAX_NODES:,} parts.")

    def _tagged(self, value: Any, depth: int) -> dict[str, Any]:
        if isinstance(value, Array):
            data = value.data.astype(value.data.dtype.newbyteorder("<"), copy=False)
            at = self._store(data.tobytes())
            return {
                "$": "array",
                "kind": value.kind,
                "dtype": value.dtype,
                "shape": list(data.shape),
                "at": at,
            }
        if isinstance(value, bytes):
            return {"$": "bytes", "at": self._store(value), "length": len(value)}
        if isinstance(value, Opaque):
            return {"$": "opaque", "type": value.type, "text": value.text}
        if isinstance(value, Recipe):
            parts = {
                field.name: self.plain(getattr(value, field.name), depth + 1)
                for field in fields(value)  # type: ignore[arg-type]
            }
            return {"$": "recipe", "name": type(value).__name__, "fields": parts}
        raise CodecError(f"a {type(value).__name__} cannot be handed over.")

    def _store(self, raw: bytes) -> int:
        at = self.offset
        self.buffers.append(raw)
        self.offset += len(raw)
        return at


class _Reader:
    def __init__(self, buffers: memoryview) -> None:
        self.buffers = buffers
        self.nodes = 0

    def value(self, plain: Any, depth: int) -> Any:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise CodecError("the message is nested too deeply or has too many parts.")
        if isinstance(plain, list):
            if is_flat(plain):
                self.nodes += len(plain)
                if self.nodes > MAX_NODES:
                    raise CodecError("the message is nested too deeply or has too many parts.")
                return plain
            return [self.value(item, depth + 1) for item in plain]
        if isinstance(plain, dict):
            return self._tagged(plain, depth)
        return plain

    def _tagged(self, plain: dict[str, Any], depth: int) -> Any:
        match plain["$"]:
            case "float":
                return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[plain["text"]]
            case "tuple":
                return tuple(self.value(item, depth + 1) for item in plain["items"])
            case "dict":
                pairs = [(self.value(key, depth + 1), self.value(item, depth + 1)) for key, item in plain["items"]]
                return dict(pairs)
            case "array":
                return self._array(plain)
            case "bytes":
                return bytes(self._stored(plain["at"], plain["length"]))
            case "opaque":
                return Opaque(str(plain["type"]), str(plain["text"]))
            case "recipe":
                parts = {name: self.value(item, depth + 1) for name, item in plain["fields"].items()}
                return Recipe.known[plain["name"]](**parts)
            case other:
                raise CodecError(f"the message is malformed ({other!r}).")

    def _stored(self, at: object, length: object) -> memoryview:
        if not isinstance(at, int) or not isinstance(length, int):
            raise CodecError("the message is malformed (an offset).")
        if at < 0 or length < 0 or at + length > len(self.buffers):
            raise CodecError("the message is malformed (an array is out of bounds).")
        return self.buffers[at : at + length]

    def _array(self, plain: dict[str, Any]) -> Array:
        import numpy as np

        kind, dtype, shape = plain["kind"], plain["dtype"], plain["shape"]
        if kind not in ARRAY_KINDS or dtype not in DTYPES or not isinstance(shape, list) or len(shape) > 16:
            raise CodecError("the message is malformed (an array).")
        if not all(isinstance(side, int) and 0 <= side <= MAX_BYTES for side in shape):
            raise CodecError("the message is malformed (a shape).")
        carrier = np.dtype("float32" if dtype == "bfloat16" else dtype).newbyteorder("<")
        raw = self._stored(plain["at"], math.prod(shape) * carrier.itemsize)
        return Array(kind, dtype, np.frombuffer(raw, carrier).reshape(shape).astype(carrier.newbyteorder("=")))
