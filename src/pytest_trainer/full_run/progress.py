"""A full run while it trains: one line for what its newest event says, and a thread that follows the events."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from pytest_trainer.full_run.events import Event, last_number, number, of_kind, parse_events

POLL = 0.3
"""Seconds between two looks at the file."""
QUIET = 10.0
"""Seconds between two lines where nothing can be rewritten, so that a log stays short."""
PATIENCE = 2.0
"""Seconds that the end of a run waits for the last line."""


@dataclass(frozen=True, slots=True)
class Screen:
    """Where lines go: whether a line can be rewritten there, and its columns."""

    terminal: bool = False
    width: int = 80


def progress_line(events: Sequence[Event], width: int, label: str = "") -> str:
    """The newest event as one line of at most `width` ASCII characters; what matters least is left out first.

    `label` stands in front: which of several trainings this is.
    """
    event = events[-1] if events else {}
    fields = {"evaluation": _evaluation, "end": _end}.get(str(event.get("event")), _training)(events)
    parts = [(0, label), (1, _step(events)), *fields]
    kept = [(rank, _ascii(text)) for rank, text in parts if text]
    while len(kept) > 1 and len(_joined(kept)) > width:
        kept.remove(max(kept))
    return _joined(kept)[: max(width, 0)]


def _joined(parts: Sequence[tuple[int, str]]) -> str:
    return "  ".join(text for _, text in parts)


def _ascii(text: str) -> str:
    return "".join(c if " " <= c <= "~" else "?" for c in text)


def _training(events: Sequence[Event]) -> list[tuple[int, str]]:
    event = events[-1] if events else {}
    return [
        (4, _named("epoch", number(event, "epoch"), ".2f")),
        (2, _named("loss", number(event, "loss"), ".3f")),
        (5, _named("lr", number(event, "learning_rate"), ".1e")),
        (6, _speed(events)),
        (3, _left(events)),
    ]


def _evaluation(events: Sequence[Event]) -> list[tuple[int, str]]:
    event = events[-1]
    return [
        (6, "evaluated"),
        (5, _named("epoch", number(event, "epoch"), ".2f")),
        (4, _named("loss", number(event, "eval_loss"), ".3f")),
        (2, _named("accuracy", number(event, "eval_accuracy"), ".3f")),
        (3, _named("F1", number(event, "eval_f1"), ".3f")),
    ]


def _end(events: Sequence[Event]) -> list[tuple[int, str]]:
    seconds = number(events[-1], "seconds")
    return [(2, "trained" if seconds is None else f"trained in {_clock(seconds)}"), (3, _speed(events))]


def _step(events: Sequence[Event]) -> str:
    step, of = last_number(events, "step"), last_number(of_kind(events, "start"), "max_steps")
    return f"step {step or 0:.0f}" + (f"/{of:.0f}" if of else "")


def _named(name: str, value: float | None, form: str) -> str:
    if value is None:
        return ""
    return f"{name} {value:{form if abs(value) < 1e4 else '.2e'}}"


def _speed(events: Sequence[Event]) -> str:
    tokens, seconds = last_number(events, "tokens"), last_number(events, "seconds")
    return f"{tokens / seconds:,.0f} tokens/s" if tokens and seconds and seconds >= 1e-3 else ""


def _left(events: Sequence[Event]) -> str:
    """The time that the remaining steps take at the pace since the training began, or began again."""
    start = next(iter(reversed(of_kind(events, "start"))), {})
    step, seconds, of = last_number(events, "step"), last_number(events, "seconds"), number(start, "max_steps")
    if step is None or seconds is None or of is None:
        return ""
    done = step - (number(start, "step") or 0)
    spent = seconds - (number(start, "seconds") or 0)
    return f"{_clock((of - step) * (spent / done))} left" if done > 0 and spent > 0 and of > step else ""


def _clock(seconds: float) -> str:
    if not 0 <= seconds < 1e9:
        return "?"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes:02}:{rest:02}"


def shown(kind: object, since: float, screen: Screen) -> bool:
    """Whether an event of this kind is shown, `since` seconds after the last one that was.

    An evaluation and the end always are. A log event is where it only rewrites a line, and elsewhere each 10 seconds.
    """
    return kind in ("evaluation", "end") or (kind == "log" and (screen.terminal or since >= QUIET))


def printed(line: str, kind: object, screen: Screen) -> str:
    """What is to be written for a line: on a terminal a log event's is rewritten by the next one, others stay."""
    if not screen.terminal:
        return f"{line}\n"
    return f"\r{line:<{screen.width - 1}}" + ("" if kind == "log" else "\n")


class Follower:
    """Writes a line for what is new in an events file, in a thread of its own, until the `with` block ends.

    The file may not be there yet, and may be rewritten when a training resumes. Whatever goes wrong ends the lines and
    nothing else.
    """

    def __init__(self, path: Path, write: Callable[[str], object], screen: Screen, label: str = "") -> None:
        """`write` gets pieces of text that bring their own line ends; see `progress_line` for the label."""
        self._path, self._write, self._screen, self._label = path, write, screen, label
        self._events: list[Event] = []
        self._stamp: tuple[int, ...] = ()
        self._last = float("-inf")
        self._open_line = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="pytest-trainer-progress", daemon=True)

    def __enter__(self) -> Follower:
        with suppress(RuntimeError):  # no thread to be had: the run goes on without lines
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._over.set()
        if self._thread.ident is not None:
            self._thread.join(PATIENCE)

    def _follow(self) -> None:
        with suppress(Exception):  # neither an odd file nor a closed stream may disturb the training
            while not self._over.wait(POLL):
                self._look()
            self._look()
            if self._open_line:
                self._write("\n")

    def _look(self) -> None:
        try:
            found = self._path.stat()
            stamp = (found.st_ino, found.st_size, found.st_mtime_ns)
            if stamp == self._stamp:
                return
            events = parse_events(self._path.read_bytes())
        except OSError:
            return
        known = _in_common(self._events, events)
        self._stamp, self._events = stamp, events
        for i in range(known, len(events)):
            self._show(events[: i + 1])

    def _show(self, events: Sequence[Event]) -> None:
        kind, now = events[-1].get("event"), time.monotonic()
        if not shown(kind, now - self._last, self._screen):
            return
        width = self._screen.width - 1 if self._screen.terminal else self._screen.width
        self._write(printed(progress_line(events, width, self._label), kind, self._screen))
        self._last, self._open_line = now, self._screen.terminal and kind == "log"


def _in_common(old: Sequence[Event], new: Sequence[Event]) -> int:
    """How many events both lists begin with."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((i for i, (was, now) in pairs if was != now), min(len(old), len(new)))
