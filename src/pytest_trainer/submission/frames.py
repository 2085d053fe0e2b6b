"""Whole messages over a stream socket: 8 bytes of length, then the message; bounded in size and in time."""

from __future__ import annotations

import socket
import time

from pytest_trainer.submission.codec import MAX_BYTES


class Closed(EOFError):
    """The other end is gone."""


class TooLong(ValueError):
    """The other end announces more bytes than a message may have."""


def send(sock: socket.socket, message: bytes, deadline: float | None = None) -> None:
    """Send one message; raises `TimeoutError` past the deadline (of `time.monotonic`), `Closed`."""
    try:
        _arm(sock, deadline)
        sock.sendall(len(message).to_bytes(8, "little") + message)
    except (BrokenPipeError, ConnectionResetError):
        raise Closed from None


def receive(sock: socket.socket, deadline: float | None = None) -> bytes:
    """Receive one message; raises `TimeoutError` past the deadline, `Closed`, `TooLong`."""
    length = int.from_bytes(_exactly(sock, 8, deadline), "little")
    if length > MAX_BYTES:
        raise TooLong(f"{length:,} bytes are announced, at most {MAX_BYTES:,} are taken")
    return _exactly(sock, length, deadline)


def _exactly(sock: socket.socket, size: int, deadline: float | None) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        _arm(sock, deadline)
        try:
            part = sock.recv(min(size - len(parts), 2**20))
        except ConnectionResetError:
            raise Closed from None
        if not part:
            raise Closed
        parts += part
    return bytes(parts)


def _arm(sock: socket.socket, deadline: float | None) -> None:
    if deadline is None:
        sock.settimeout(None)
        return
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    sock.settimeout(left)
