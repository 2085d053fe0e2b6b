"""What a check says of an answer: each function returns what it was given in a checked form, or raises
`WrongAnswer` with what was wanted, what came back, and where they first differ.

Values here are those that crossed from the student's side: None, bool, int, float, str, list, tuple, dict, and
`Array`s that know whether they were a tensor, an ndarray or a numpy scalar.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pytest_trainer.grading.outcome import WrongAnswer
from pytest_trainer.grading.show import WIDTH, aligned_rows, first_difference, kind_of, show

if TYPE_CHECKING:
    import numpy as np


def wrong(sentence: str, *lines: str, diagnosis: str = "") -> WrongAnswer:
    """A wrong answer to raise: one sentence, then lines that show values."""
    return WrongAnswer("\n".join((sentence, *lines)), diagnosis=diagnosis)


def mapping(value: object, what: str, keys: Iterable[str], extra: bool = False) -> Mapping[str, Any]:
    """`value` as a mapping with these keys; with `extra`, others may stand beside them."""
    wanted = sorted(keys)
    if not isinstance(value, Mapping):
        with_keys = f" with the keys {_names(wanted)}" if wanted else ""
        raise wrong(f"{what}: wanted a mapping{with_keys}, came back {kind_of(value)}.")
    missing = [key for key in wanted if key not in value]
    surplus = [] if extra else sorted(str(key) for key in value if key not in wanted)
    if missing or surplus:
        verb = f"lacks {_names(missing)}" if missing else f"has {_names(surplus)}, which nobody asked for"
        raise wrong(f"{what} {verb}.", f"  wanted     {_names(wanted)}", f"  came back  {_first(map(str, value))}")
    return value


def tensor(value: object, what: str, dtype: str | None = None, ndim: int | None = None) -> np.ndarray[Any, Any]:
    """The elements of `value`, which must be a torch tensor, of this dtype and number of dimensions."""
    wanted = "a tensor" + (f" of {dtype}" if dtype else "")
    if getattr(value, "kind", None) != "tensor" or (dtype and getattr(value, "dtype", None) != dtype):
        raise wrong(f"{what}: wanted {wanted}, came back {kind_of(value)}.")
    data: np.ndarray[Any, Any] = value.data  # type: ignore[attr-defined]
    if ndim is not None and data.ndim != ndim:
        raise wrong(f"{what}: wanted {ndim} dimensions, came back a tensor of shape {show(data.shape)}.")
    return data


def number(value: object, what: str) -> float:
    """`value` as a float, where the Trainer would log it as one: a number, a numpy scalar, a one-element tensor."""
    kind = getattr(value, "kind", None)
    if kind in ("tensor", "scalar") and value.data.size == 1:  # type: ignore[attr-defined]
        value = value.data.reshape(()).item()  # type: ignore[attr-defined]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise wrong(f"{what}: wanted a number such as 0.8578, came back {kind_of(value)}.")
    try:
        return float(value)
    except OverflowError:
        raise wrong(f"{what}: wanted a number such as 0.8578, came back an int too large for a float.") from None


def close(value: object, wanted: float, what: str, within: float, because: str = "") -> float:
    """`value` as a number within `within` (absolute) of `wanted`."""
    came = number(value, what)
    if math.isnan(came) or abs(came - wanted) > within:
        ending = f", {because}" if because else ""
        raise wrong(f"{what}: wanted {wanted:.7g}, came back {came:.7g}{ending}.")
    return came


def same_array(came: np.ndarray[Any, Any], wanted: np.ndarray[Any, Any], what: str) -> None:
    """Two arrays of the same shape and elements; else the row of their first difference is shown."""
    if came.shape != wanted.shape:
        raise wrong(f"{what}: wanted the shape {show(wanted.shape)}, came back {show(came.shape)}.")
    if wanted.size == 0 or bool(((came == wanted) | ((came != came) & (wanted != wanted))).all()):
        return
    where = first_difference(wanted, came)
    if not where:
        raise wrong(f"{what}: wanted {show(wanted.item())}, came back {show(came.item())}.")
    row, column = where[:-1], where[-1]
    place = f"row {row[0]}, position {column}" if len(row) == 1 else f"index {', '.join(map(str, where))}"
    raise wrong(
        f"{what}, {place}: wanted {show(wanted[where].item())}, came back {show(came[where].item())}.",
        *aligned_rows(wanted[row].tolist(), came[row].tolist(), column),
    )


def same_lists(came: Sequence[object], wanted: Sequence[object], what: str) -> None:
    """Two sequences with equal elements; else the first that differs is shown."""
    if len(came) != len(wanted):
        raise wrong(f"{what}: wanted {len(wanted)} elements, came back {len(came)}.")
    for i, (one, other) in enumerate(zip(came, wanted, strict=True)):
        if one != other:
            raise wrong(f"{what}: element {i} differs.", *aligned_rows(wanted, came, i))


def _first(names: Iterable[str]) -> str:
    """As many names as a line holds."""
    text, room = _names(names), WIDTH - len("  came back  ")
    return text if len(text) <= room else text[: room - 4].rpartition(", ")[0] + ", ..."


def _names(names: Iterable[str]) -> str:
    return ", ".join(names) or "nothing"
