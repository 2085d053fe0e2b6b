"""The events of one training, one JSON object a line, read as whatever a student's process left of them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias, TypeGuard

Event: TypeAlias = Mapping[str, int | float | str | None]
"""Plain values by name; "event" is one of `KINDS`, numbers are finite, anything else may be missing."""

KINDS = ("start", "log", "evaluation", "end")
LONGEST_TEXT = 200
MOST_FIELDS = 64


def read_events(path: Path) -> list[Event]:
    """Return the events of a file in their order; none where there is no file yet.

    A line that is no event is passed over: a killed process leaves half of one. Raises OSError where the file is
    there and cannot be read.
    """
    try:
        return parse_events(path.read_bytes())
    except FileNotFoundError:
        return []


def parse_events(lines: bytes) -> list[Event]:
    """Return the events that stand in these lines, as `read_events` does."""
    return [event for line in lines.splitlines() if (event := _event(line)) is not None]


def number(event: Event, key: str) -> float | None:
    """Return a field that is a finite number, else None."""
    value = event.get(key)
    return float(value) if _is_number(value) else None


def of_kind(events: Sequence[Event], *kinds: str) -> list[Event]:
    """The events of these kinds, in order."""
    return [event for event in events if event.get("event") in kinds]


def last_number(events: Sequence[Event], key: str) -> float | None:
    """The newest finite number of that name."""
    return next((value for event in reversed(events) if (value := number(event, key)) is not None), None)


def _event(line: bytes) -> Event | None:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict) or fields.get("event") not in KINDS:
        return None
    return {key[:LONGEST_TEXT]: _plain(value) for key, value in list(fields.items())[:MOST_FIELDS]}


def _plain(value: object) -> int | float | str | None:
    if isinstance(value, str):
        return value[:LONGEST_TEXT]
    return value if _is_number(value) else None


def _is_number(value: object) -> TypeGuard[int | float]:
    try:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:
        return False
