"""Whole messages over real sockets: bounded in size and in time, whatever the other end does."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_trainer.submission import frames
from pytest_trainer.submission.frames import Closed, TooLong, receive, send

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    one, other = socket.socketpair()
    with one, other:
        yield one, other


def soon(seconds: float = 0.2) -> float:
    return time.monotonic() + seconds


@settings(deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(messages=st.lists(st.binary(max_size=500), max_size=4))
def test_messages_arrive_whole_and_in_order(pair: Pair, messages: list[bytes]) -> None:
    for message in messages:
        send(pair[0], message, soon(5))
    assert [receive(pair[1], soon(5)) for _ in messages] == messages


def test_a_message_larger_than_the_socket_holds_arrives(pair: Pair) -> None:
    message = bytes(range(256)) * 20_000
    sender = threading.Thread(target=send, args=(pair[0], message))
    sender.start()
    assert receive(pair[1]) == message
    sender.join()


def test_silence_ends_at_the_deadline(pair: Pair) -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        receive(pair[1], soon(0.1))
    assert 0.09 < time.monotonic() - began < 2


def test_half_a_message_and_silence_ends_at_the_deadline(pair: Pair) -> None:
    pair[0].sendall((100).to_bytes(8, "little") + b"half")
    with pytest.raises(TimeoutError):
        receive(pair[1], soon())


def test_a_trickle_ends_at_the_deadline(pair: Pair) -> None:
    pair[0].sendall((100).to_bytes(8, "little"))
    stop = threading.Event()

    def trickle() -> None:
        while not stop.wait(0.02):
            pair[0].sendall(b".")

    sender = threading.Thread(target=trickle)
    sender.start()
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        receive(pair[1], soon(0.2))
    assert time.monotonic() - began < 1.5
    stop.set()
    sender.join()


def test_a_deadline_that_is_past_takes_nothing(pair: Pair) -> None:
    send(pair[0], b"there")
    with pytest.raises(TimeoutError):
        receive(pair[1], time.monotonic() - 1)
    with pytest.raises(TimeoutError):
        send(pair[0], b"more", time.monotonic() - 1)
    assert receive(pair[1], None) == b"there"


def test_nobody_who_reads_ends_a_send_at_the_deadline(pair: Pair) -> None:
    with pytest.raises(TimeoutError):
        send(pair[0], bytes(10**7), soon())


@pytest.mark.parametrize("part", [b"", b"\x01", (5).to_bytes(8, "little"), (5).to_bytes(8, "little") + b"1234"])
def test_an_end_that_is_gone_is_closed_wherever_it_stopped(pair: Pair, part: bytes) -> None:
    pair[0].sendall(part)
    pair[0].close()
    with pytest.raises(Closed):
        receive(pair[1], soon(5))


def test_sending_to_an_end_that_is_gone_is_closed(pair: Pair) -> None:
    pair[1].close()
    with pytest.raises(Closed):
        send(pair[0], bytes(10**6))


def test_a_reset_is_closed(pair: Pair) -> None:
    send(pair[0], b"never read")
    pair[1].close()
    with pytest.raises(Closed):
        receive(pair[0], soon(5))


@pytest.mark.parametrize("length", [101, 2**40, 2**64 - 1])
def test_an_announced_length_that_is_too_long_is_not_waited_for(
    pair: Pair, length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frames, "MAX_BYTES", 100)
    pair[0].sendall(length.to_bytes(8, "little"))
    with pytest.raises(TooLong, match="at most 100 are taken"):
        receive(pair[1], soon(5))
