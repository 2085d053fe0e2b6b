"""What every transport is, and the simplest one: the student's code in pytest's own process."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Protocol

from pytest_trainer.grading.outcome import TimedOut
from pytest_trainer.submission.serve import Server

AGAIN = 0.2


class Transport(Protocol):
    """Carries a request to the student's side and the reply back.

    `generation` changes when what the far side had loaded is gone. Calling it raises `TimedOut` when the reply takes
    longer than `limit` seconds (None: no limit) and `Died` when the far side ended.
    """

    generation: int

    def __call__(self, request: bytes, limit: float | None) -> bytes:
        """The reply to a request."""

    def close(self) -> int | None:
        """End the far side; its exit status, where it had one."""


class InProcess:
    """`--trainer-isolation none`: serves in this process; the student's breakpoints work, and nothing is protected."""

    def __init__(self) -> None:
        self.generation = 0
        self._server = Server()

    def __call__(self, request: bytes, limit: float | None) -> bytes:
        """The reply, or `TimedOut` from a repeating timer, which a loop in C does not hear."""
        with _alarm(limit):
            return self._server(request)

    def close(self) -> int | None:
        """Forget the student's modules."""
        self._server.close()
        return None


@contextlib.contextmanager
def _alarm(limit: float | None) -> Iterator[None]:
    """Raise `TimedOut` here after `limit` seconds, again and again: code may swallow the first."""
    if limit is None or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise TimedOut(f"no answer within {limit:g} seconds")

    handler = signal.signal(signal.SIGALRM, ring)
    timer = signal.setitimer(signal.ITIMER_REAL, limit, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        if timer[0]:
            signal.setitimer(signal.ITIMER_REAL, *timer)
