"""The processes in which a student's code runs: a warm parent that only imports and forks, and its workers.

    python -P -m pytest_trainer.submission.worker warm FD     a warm parent, commanded over the socket FD
    python -P -m pytest_trainer.submission.worker cold FD     one worker without a warm parent, serving on FD

The warm parent never runs a student's code. It is an own program rather than the standard library's forkserver,
because that one imports the `__main__` of pytest again in every worker, and because a program can be started
inside a fence.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys

from pytest_trainer.submission.codec import CodecError
from pytest_trainer.submission.frames import Closed, receive, send
from pytest_trainer.submission.serve import Server

PRELOADED = (
    ("numpy", ""),
    ("torch", ""),
    ("datasets", ""),
    ("evaluate", ""),
    ("sklearn.metrics", ""),
    ("transformers", "Trainer"),
    ("transformers", "AutoTokenizer"),
    ("transformers", "AutoModelForSequenceClassification"),
    ("transformers", "BertForSequenceClassification"),
    ("transformers", "DataCollatorWithPadding"),
)


READY = b"ready"


def serve_forever(sock: socket.socket) -> None:
    """Say that it is ready, then answer requests until the other end closes."""
    server = Server()
    send(sock, READY)
    while True:
        try:
            request = receive(sock)
            send(sock, server(request))
        except (Closed, CodecError):
            return


def preload() -> None:
    """Import what the workers need, once."""
    for module, name in PRELOADED:
        with contextlib.suppress(ImportError, AttributeError):
            loaded = importlib.import_module(module)
            if name:
                getattr(loaded, name)
    gc.collect()
    gc.freeze()


def run_warm_parent(control: socket.socket) -> None:
    """Fork a worker for every socket that arrives, kill those that are named, until the control closes.

    Commands are JSON: {"fork": true} with one file descriptor, answered by {"pid"} or {"error"}; {"kill": pid},
    answered by {"status"}, the exit status or the negative signal.
    """
    preload()
    send(control, READY)
    living: set[int] = set()
    try:
        while True:
            command, descriptors = _command(control)
            if command is None:
                return
            if "kill" in command:
                answer: dict[str, object] = {"status": _end(command["kill"], living)}
            else:
                answer = _fork(control, descriptors[0], living)
            send(control, json.dumps(answer).encode())
    except Closed:
        return
    finally:
        for pid in list(living):
            _end(pid, living)


def _command(control: socket.socket) -> tuple[dict[str, int] | None, list[int]]:
    message, descriptors, _, _ = socket.recv_fds(control, 4096, 1)
    return (json.loads(message) if message else None), descriptors


def _fork(control: socket.socket, descriptor: int, living: set[int]) -> dict[str, object]:
    try:
        pid = os.fork()
    except OSError as error:
        os.close(descriptor)
        return {"error": error.strerror}
    if pid == 0:
        _become_worker(control, descriptor)
    os.close(descriptor)
    living.add(pid)
    return {"pid": pid}


def _become_worker(control: socket.socket, descriptor: int) -> None:
    status = 1
    try:
        control.close()
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        serve_forever(socket.socket(fileno=descriptor))
        status = 0
    finally:
        os._exit(status)


def _end(pid: int, living: set[int]) -> int | None:
    """Kill a worker's process group and reap it; one that ended by itself keeps its own status."""
    if pid not in living:
        return None
    living.discard(pid)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def main(mode: str, descriptor: str) -> None:
    """Run as a warm parent or as a cold worker on the socket of that descriptor."""
    sock = socket.socket(fileno=int(descriptor))
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    if mode == "warm":
        run_warm_parent(sock)
    else:
        serve_forever(sock)


if __name__ == "__main__":
    main(*sys.argv[1:])
