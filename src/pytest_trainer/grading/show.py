"""How values are shown to a student: short, whole where they are small, at their first difference where not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

WIDTH = 74
LINES = 12
RECORDS = 4


def printable(text: str) -> str:
    """The text without what is no Unicode, or would move the cursor or colour the page; lines stay lines."""
    plain = text.expandtabs(4).encode("utf-8", "backslashreplace").decode()
    return "".join(c if c == "\n" or c.isprintable() else c.encode("unicode_escape").decode() for c in plain)


def show(value: object, width: int = WIDTH) -> str:
    """One line for any value that crossed from the student's side, at most `width` characters."""
    text = _text(value)
    return text if len(text) <= width else text[: width - 4].rstrip() + " ..."


def kind_of(value: object) -> str:
    """What a value is, with its article, in the student's words: 'a tensor of int64', 'None', 'a list'."""
    if value is None:
        return "None"
    described = getattr(value, "described", None)
    if isinstance(described, str):
        return described
    names = {"str": "a string", "int": "an int", "bool": "a bool", "dict": "a dict", "list": "a list"}
    name = type(value).__name__
    return names.get(name, f"a {name}")


def table(name: str, value: object) -> list[str]:
    """Lines that show one input of a call under its name, a row at a time where it has rows."""
    if isinstance(value, (list, tuple)) and value and all(isinstance(row, Mapping) for row in value):
        return _records(name, value)
    if isinstance(value, tuple) and len(rows := {_rows(part) for part in value}) == 1 and rows != {None}:
        return _columns(name, value)
    if isinstance(value, Mapping) and value:
        return [name, *_entries(value)]
    return [f"{name} = {show(value, WIDTH - len(name) - 3)}"]


def _entries(record: Mapping[str, object]) -> list[str]:
    widest = max(len(str(key)) for key in record)
    return [f"  {key!s:<{widest}}  {show(item, WIDTH - widest - 4)}" for key, item in record.items()]


def _records(name: str, records: Sequence[Mapping[str, object]]) -> list[str]:
    lines = []
    for i, record in enumerate(records[:RECORDS]):
        lines += [f"{name}[{i}]", *(_entries(record) if record else ())]
    return lines + ([f"... and {len(records) - RECORDS} more"] if len(records) > RECORDS else [])


def _columns(name: str, parts: tuple[object, ...]) -> list[str]:
    """Arrays of the same number of rows side by side; 'logits_and_labels' names two columns."""
    names = name.split("_and_")
    heads = names if len(names) == len(parts) else [""] * len(parts)
    cells = [[head, *map(_text, part.tolist())] for head, part in zip(heads, parts, strict=True)]  # type: ignore[attr-defined]
    widths = [max(map(len, column)) for column in cells]
    rows = ["  ".join(c.rjust(w) for c, w in zip(row, widths, strict=True)) for row in zip(*cells, strict=True)]
    first, more = (rows[0] if any(heads) else f"{name}, row by row:"), len(rows) - 1 - LINES
    return [first, *rows[1 : LINES + 1], *([f"... {more} more"] if more > 0 else [])]


def _rows(value: object) -> int | None:
    shape = getattr(value, "shape", ())
    return shape[0] if shape else None


def first_difference(wanted: np.ndarray[Any, Any], came: np.ndarray[Any, Any]) -> tuple[int, ...]:
    """The index, in reading order, of the first element in which two arrays of one shape differ."""
    import numpy as np

    where = np.argwhere(~((wanted == came) | ((wanted != wanted) & (came != came))))
    return tuple(int(i) for i in where[0])


def aligned_lists(
    wanted: Sequence[object], came: Sequence[object], text: Callable[[object], str] | None = None
) -> list[str]:
    """Two unequal lists one above the other, with a mark under their first difference; they may differ in length.

    `text` says how an element is shown, without brackets around the list; by default it is shown as it is written.
    """
    longest = max(len(wanted), len(came))
    cells = [[(text or _text)(item) for item in row] + [""] * (longest - len(row)) for row in (wanted, came)]
    pairs = list(zip(*cells, strict=True))
    return _aligned(pairs, next(i for i, (one, other) in enumerate(pairs) if one != other), "  " if text else "[]")


def aligned_rows(wanted: Sequence[object], came: Sequence[object], column: int) -> list[str]:
    """Two rows of values one above the other, cut to the page around `column`, with a mark under it."""
    return _aligned([(_text(w), _text(c)) for w, c in zip(wanted, came, strict=True)], column)


def _aligned(cells: Sequence[tuple[str, ...]], column: int, brackets: str = "[]") -> list[str]:
    widths = [max(map(len, pair)) for pair in cells]
    first = last = column
    room = WIDTH - len("  wanted     [ ... ... ]") - widths[column]
    while True:
        grow_right = last + 1 < len(cells) and widths[last + 1] + 1 <= room
        if grow_right:
            last += 1
            room -= widths[last] + 1
        grow_left = first > 0 and widths[first - 1] + 1 <= room
        if grow_left:
            first -= 1
            room -= widths[first] + 1
        if not grow_left and not grow_right:
            break
    before, after = ("... " if first else ""), (" ..." if last + 1 < len(cells) else "")

    def line(label: str, which: int) -> str:
        row = " ".join(cells[i][which].rjust(widths[i]) for i in range(first, last + 1))
        return f"  {label:<10} {brackets[0]}{before}{row}{after}{brackets[1]}".rstrip()

    offset = len(before) + sum(widths[i] + 1 for i in range(first, column)) + widths[column] - 1
    return [line("wanted", 0), line("came back", 1), " " * (14 + offset) + "^"]


def _text(value: object) -> str:
    import math

    if isinstance(value, bool) or value is None or isinstance(value, str):
        return repr(value)
    if isinstance(value, float):
        return f"{value:.7g}" if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(k)}: {_text(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_text, value)) + "]"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(_text, value)) + ("," if len(value) == 1 else "") + ")"
    tolist = getattr(value, "tolist", None)
    if callable(tolist) and hasattr(value, "dtype"):
        return _text(tolist())
    return repr(value)
