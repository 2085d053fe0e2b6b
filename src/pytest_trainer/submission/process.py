"""`--trainer-isolation process`: the student's code in a worker process, killed at its deadline."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from typing import Any

from pytest_trainer.grading.outcome import Died, TimedOut
from pytest_trainer.submission.frames import Closed, TooLong, receive, send

START_SECONDS = 300.0
DYING_SECONDS = 5.0


class WarmParent:
    """The process that imported the libraries and forks workers; one for a whole run of pytest."""

    def __init__(self) -> None:
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = False

    def start(self) -> None:
        """Begin its imports, which go on beside the caller's own."""
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._control, self._process = _start_python("warm")

    def fork(self) -> Worker:
        """A worker that serves; where a fork cannot be had, a cold one that must import for itself."""
        if not hasattr(os, "fork"):
            return ColdWorker()
        for _ in range(2):
            self.start()
            near, far = socket.socketpair()
            with far, contextlib.suppress(Closed, OSError, TimeoutError):
                answer = self._ask({"fork": 1}, [far.fileno()])
                if "pid" in answer:
                    return ForkedWorker(near, answer["pid"], self)
                near.close()
                return ColdWorker()
            near.close()
            self.close()
        return ColdWorker()

    def kill(self, pid: int) -> int | None:
        """Kill a worker and all of its process group; its exit status, or the negative signal."""
        if self._control is None:
            return None
        with contextlib.suppress(Closed, OSError, TimeoutError):
            status: int | None = self._ask({"kill": pid}, [])["status"]
            return status
        return None

    def close(self) -> None:
        """End the parent, and with it every worker."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            try:
                self._process.wait(DYING_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._control, self._process, self._ready = None, None, False

    def _ask(self, command: dict[str, int], descriptors: list[int]) -> dict[str, Any]:
        assert self._control is not None
        deadline = time.monotonic() + START_SECONDS
        if not self._ready:
            receive(self._control, deadline)
            self._ready = True
        self._control.settimeout(START_SECONDS)
        socket.send_fds(self._control, [json.dumps(command).encode()], descriptors)
        answer: dict[str, Any] = json.loads(receive(self._control, deadline))
        return answer


class Worker:
    """One process that serves a submission on the other end of `sock`."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock

    def end(self) -> int | None:
        """Kill it; its exit status, or the negative signal, where it is known."""
        raise NotImplementedError


class ForkedWorker(Worker):
    """A worker forked from a warm parent, which alone may reap it."""

    def __init__(self, sock: socket.socket, pid: int, parent: WarmParent) -> None:
        super().__init__(sock)
        self._pid, self._parent = pid, parent

    def end(self) -> int | None:
        """See `Worker`."""
        self.sock.close()
        status = self._parent.kill(self._pid)
        if status is None:  # the parent that could reap it is gone
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._pid, signal.SIGKILL)
        return status


class ColdWorker(Worker):
    """A worker of its own, where no fork can be had; the libraries are imported by it."""

    def __init__(self) -> None:
        sock, self._process = _start_python("cold")
        super().__init__(sock)

    def end(self) -> int | None:
        """See `Worker`."""
        self.sock.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(0.1)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        return self._process.wait()


class InWorker:
    """The transport of one exercise: a worker at a time, a new one after a deadline or a death."""

    def __init__(self, parent: WarmParent) -> None:
        self.generation = 0
        self._parent = parent
        self._worker: Worker | None = None

    def __call__(self, request: bytes, limit: float | None) -> bytes:
        """The reply; raises `TimedOut` or `Died`, after which a new worker serves."""
        if self._worker is None:
            self._worker = self._begin()
        deadline = None if limit is None else time.monotonic() + limit
        try:
            send(self._worker.sock, request, deadline)
            return receive(self._worker.sock, deadline)
        except TimeoutError:
            self.close()
            raise TimedOut(f"no answer within {limit:g} seconds") from None
        except Closed:
            raise Died(_how_it_died(self.close())) from None
        except TooLong as error:
            self.close()
            raise Died(f"Your code's answer is too long: {error}.") from None
        except BaseException:
            self.close()
            raise

    def _begin(self) -> Worker:
        worker = self._parent.fork()
        try:
            receive(worker.sock, time.monotonic() + START_SECONDS)
        except (Closed, TimeoutError):
            raise RuntimeError(f"the worker did not start (exit status {worker.end()})") from None
        return worker

    def close(self) -> int | None:
        """End the worker; its exit status."""
        worker, self._worker = self._worker, None
        if worker is None:
            return None
        self.generation += 1
        return worker.end()


def _how_it_died(status: int | None) -> str:
    if status is None:
        return "Your code ended the process in which it ran."
    if status >= 0:
        return f"Your code ended the process in which it ran (exit status {status}), as os._exit() does; leave it out."
    name = signal.Signals(-status).name if -status in set(signal.Signals) else str(-status)
    meaning = {
        "SIGSEGV": ": too deep a recursion, or a crash in a library's C code",
        "SIGKILL": ": out of memory?",
    }
    return f"Your code's process was ended by {name}{meaning.get(name, '')}."


def _start_python(mode: str) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    near, far = socket.socketpair()
    with far:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "pytest_trainer.submission.worker", mode, str(far.fileno())],
            pass_fds=[far.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    return near, process
