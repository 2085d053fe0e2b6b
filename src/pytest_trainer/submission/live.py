"""Between live objects (tensors, ndarrays, numpy scalars, mappings) and the plain values that the codec knows."""

from __future__ import annotations

import sys
from typing import Any

from pytest_trainer.grading.outcome import Stop
from pytest_trainer.submission.codec import DTYPES, MAX_DEPTH, Array, CodecError, Opaque, is_flat
from pytest_trainer.submission.recipe import Recipe
from pytest_trainer.submission.student import PRIVATE

TEXT = 200
PLAIN: dict[type, Any] = {int: int.__int__, float: float.__float__, str: str.__str__}


def freeze(value: Any, depth: int = 0) -> Any:
    """The plain value of a live one; what has none becomes an `Opaque` with its type's name.

    A tensor loses its device and its graph, a mapping its class; recipes stay.
    """
    if depth > MAX_DEPTH:
        raise CodecError(f"the answer is nested more than {MAX_DEPTH} levels deep.")
    if value is None or type(value) in (bool, int, float, str, bytes):
        return value
    if isinstance(value, (Array, Opaque, Recipe)):
        return value
    array = _frozen_array(value)
    if array is not None:
        return array
    if type(value) in (list, tuple):
        if type(value) is list and is_flat(value):
            return list(value)
        return type(value)(freeze(item, depth + 1) for item in value)
    if hasattr(value, "keys") and hasattr(value, "__getitem__") and not isinstance(value, type):
        return {_frozen_key(key): freeze(value[key], depth + 1) for key in list(value.keys())}
    for plain, read in PLAIN.items():
        if isinstance(value, plain):
            return read(value)
    module = "" if type(value).__module__.startswith(PRIVATE) else f"{type(value).__module__}."
    return Opaque(f"{module}{type(value).__qualname__}", _short(value))


def thaw(value: Any) -> Any:
    """The live object of a plain value: arrays become tensors or ndarrays, recipes are made."""
    if isinstance(value, list):
        return list(value) if is_flat(value) else [thaw(item) for item in value]
    if isinstance(value, tuple):
        return tuple(thaw(item) for item in value)
    if isinstance(value, dict):
        return {key: thaw(item) for key, item in value.items()}
    if isinstance(value, Array):
        return _live_array(value)
    return value.make() if isinstance(value, Recipe) else value


def _frozen_key(key: Any) -> Any:
    return key if key is None or type(key) in (bool, int, float, str) else _short(key)


def _frozen_array(value: Any) -> Array | None:
    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    if torch is not None and isinstance(value, torch.Tensor):
        dtype = str(value.dtype).removeprefix("torch.")
        if dtype not in DTYPES:
            return None
        if value.layout is not torch.strided or value.is_meta:
            return None
        data = value.detach().cpu().resolve_neg()
        return Array("tensor", dtype, (data.float() if dtype == "bfloat16" else data).numpy().copy())
    if numpy is not None and isinstance(value, (numpy.ndarray, numpy.generic)) and value.dtype.name in DTYPES:
        kind = "ndarray" if isinstance(value, numpy.ndarray) else "scalar"
        return Array(kind, value.dtype.name, numpy.array(value, order="C", copy=True))
    return None


def _live_array(value: Array) -> Any:
    if value.kind == "scalar":
        return value.data.reshape(())[()]
    if value.kind == "ndarray":
        return value.data.copy()
    import torch

    return torch.from_numpy(value.data.copy()).to(getattr(torch, value.dtype))


def _short(value: Any) -> str:
    try:
        text = repr(value)
    except Stop:
        raise
    except BaseException as error:  # noqa: BLE001 - a student's __repr__ may raise anything
        return f"<repr raised {type(error).__name__}>"
    return text if len(text) <= TEXT else text[:TEXT] + " ..."
