"""Workers: real processes, killed at their deadline, reaped, and none left behind."""

import contextlib
import os
import signal
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_trainer.grading.outcome import Died, TimedOut
from pytest_trainer.submission.client import Submission
from pytest_trainer.submission.codec import MAX_BYTES, decode, encode
from pytest_trainer.submission.process import ColdWorker, InWorker, WarmParent, Worker
from pytest_trainer.submission.source import read

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks at processes in /proc")

MARK = "TRAINER_TEST_MARK"
STUDENT = """
import ctypes, os, signal, subprocess, sys, time

def add(a, b): return a + b
def hang():
    while True: time.sleep(0.01)
def leave(status): os._exit(status)
def crash(): ctypes.string_at(0)
def die(number): os.kill(os.getpid(), number)
def pid(): return os.getpid()
def session(): return [os.getpid(), os.getpgid(0), os.getsid(0), os.getppid()]
def stdin(): return [os.readlink("/proc/self/fd/0"), sys.stdin.read()]
def loud():
    os.write(1, b"to stdout")
    os.write(2, b"to stderr")
    return 1
def descriptors():
    links = [f"/proc/self/fd/{name}" for name in os.listdir("/proc/self/fd")]
    return sorted(os.readlink(link) for link in links if os.path.exists(link))
def child(): return subprocess.Popen(["sleep", "600"]).pid
def child_and_hang(file):
    open(file, "w").write(f"{os.getpid()} {child()}")
    hang()
def child_and_leave(file):
    open(file, "w").write(f"{os.getpid()} {child()}")
    os._exit(3)
def kill_parent_and_hang(file):
    open(file, "w").write(f"{os.getpid()} {os.getppid()}")
    os.kill(os.getppid(), signal.SIGKILL)
    hang()
def large(n): return "x" * n
def modules(): return [name for name in ("torch", "transformers", "datasets") if name in sys.modules]
def grader(): return [name for name in sys.modules if name.startswith(("pytest.", "hypothesis", "pytest_trainer.ref"))]
"""


@pytest.fixture(scope="module")
def mark() -> Iterator[str]:
    """A word in the environment of every process that these tests start."""
    mark = uuid.uuid4().hex
    os.environ[MARK] = mark
    yield mark
    del os.environ[MARK]


@pytest.fixture(scope="module")
def warm(mark: str) -> Iterator[WarmParent]:
    """One warm parent for the module; its start takes seconds."""
    warm = WarmParent()
    warm.start()
    yield warm
    warm.close()
    assert marked(mark) == []


@pytest.fixture
def workers(warm: WarmParent) -> Iterator[InWorker]:
    workers = InWorker(warm)
    yield workers
    workers.close()


@pytest.fixture
def submit(tmp_path: Path) -> Callable[..., Submission]:
    """A submission of the file above over a transport."""
    (tmp_path / "student").mkdir()
    path = tmp_path / "student" / "collation.py"
    path.write_text(STUDENT)

    def submit(transport: Any) -> Submission:
        return Submission(read(path, "collation.py"), transport, seed=0, scratch=tmp_path / "scratch", probes=None)

    return submit


@pytest.fixture
def one(submit: Callable[..., Submission], workers: InWorker) -> Submission:
    return submit(workers)


def marked(mark: str) -> list[int]:
    """The living processes, but this one, whose environment has the word."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                if mark.encode() in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
    return found


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_for(condition: Callable[[], bool], seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def descriptors_of(pid: int | str = "self") -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


# -- serving ----------------------------------------------------------------------------------------------------------


def test_a_worker_serves_and_is_kept_between_calls(one: Submission) -> None:
    assert one.call("add", 1, 2) == 3
    assert one.call("pid") == one.call("pid") != os.getpid()
    assert one.transport.generation == 0


def test_a_worker_has_the_libraries_and_nothing_of_the_graders(one: Submission) -> None:
    assert one.call("modules") == ["torch", "transformers", "datasets"]
    assert one.call("grader") == []


def test_a_worker_has_its_own_session_and_not_the_terminal(one: Submission) -> None:
    pid, group, session, parent = one.call("session")
    assert pid == group == session
    assert parent != os.getpid()
    assert one.call("stdin") == ["/dev/null", ""]
    assert one.call("loud") == 1


def test_a_worker_has_one_socket_and_no_other_descriptor(submit: Callable[..., Submission], warm: WarmParent) -> None:
    first, second = InWorker(warm), InWorker(warm)
    one, other = submit(first), submit(second)
    assert one.call("add", 1, 1) == 2
    sockets = [target for target in other.call("descriptors") if target.startswith("socket:")]
    assert len(sockets) == 1
    one.close()
    other.close()


def test_two_submissions_have_two_workers(submit: Callable[..., Submission], warm: WarmParent) -> None:
    one, other = submit(InWorker(warm)), submit(InWorker(warm))
    pids = {one.call("pid"), other.call("pid"), one.call("pid")}
    assert len(pids) == 2
    one.close()
    other.close()
    assert wait_for(lambda: not any(map(lives, pids)))


def test_a_large_answer_crosses(one: Submission) -> None:
    assert len(one.call("large", 5_000_000)) == 5_000_000
    assert one.call("add", "x" * 3_000_000, "y")[-1] == "y"


# -- deadlines and deaths ---------------------------------------------------------------------------------------------


def test_a_deadline_kills_and_a_new_worker_serves(one: Submission) -> None:
    before = one.call("pid")
    began = time.monotonic()
    with pytest.raises(TimedOut, match=r"^hang gave no answer within 0\.3 seconds"):
        one.call("hang", limit=0.3)
    assert time.monotonic() - began < 3
    assert not lives(before)
    assert one.transport.generation == 1
    assert one.call("add", 1, 2) == 3
    assert one.call("pid") != before


@pytest.mark.parametrize("status", [0, 3, 255])
def test_a_worker_that_exits_died_with_its_status(one: Submission, status: int) -> None:
    with pytest.raises(Died) as caught:
        one.call("leave", status)
    assert caught.value.message == (
        f"Your code ended the process in which it ran (exit status {status}), as os._exit() does; leave it out."
    )
    assert one.call("add", 1, 2) == 3


def test_a_crash_in_c_died_by_its_signal(one: Submission) -> None:
    with pytest.raises(Died, match=r"^Your code's process was ended by SIGSEGV: too deep a recursion, or a crash"):
        one.call("crash")
    assert one.transport.generation == 1
    assert one.call("add", 1, 2) == 3


@pytest.mark.parametrize(
    ("number", "named"), [(signal.SIGKILL, "SIGKILL: out of memory?."), (signal.SIGTERM, "SIGTERM.")]
)
def test_a_signal_is_named(one: Submission, number: int, named: str) -> None:
    with pytest.raises(Died) as caught:
        one.call("die", int(number))
    assert caught.value.message == f"Your code's process was ended by {named}"


@pytest.mark.parametrize(("function", "error"), [("child_and_hang", TimedOut), ("child_and_leave", Died)])
def test_the_processes_that_a_worker_started_end_with_it(
    one: Submission, tmp_path: Path, function: str, error: type[BaseException]
) -> None:
    one.call("add", 1, 2)
    with pytest.raises(error):
        one.call(function, str(tmp_path / "pids"), limit=1.0)
    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    assert len(pids) == 2
    assert wait_for(lambda: not any(map(lives, pids)))


def test_closing_ends_a_worker_and_its_children(one: Submission) -> None:
    pids = [one.call("pid"), one.call("child")]
    one.close()
    assert wait_for(lambda: not any(map(lives, pids)))


def test_closing_twice_is_no_error(workers: InWorker) -> None:
    assert workers.close() is None
    assert workers.close() is None
    assert workers.generation == 0


def test_fifty_workers_leave_no_descriptor_and_no_process_behind(warm: WarmParent, mark: str) -> None:
    request = encode(3)
    parents = marked(mark)

    def serve_one() -> None:
        workers = InWorker(warm)
        with contextlib.suppress(Died):
            workers(request, 5.0)
        workers.close()

    serve_one()
    before = [descriptors_of(), *map(descriptors_of, parents)]
    for _ in range(50):
        serve_one()
    assert [descriptors_of(), *map(descriptors_of, parents)] == before
    assert set(marked(mark)) <= set(parents)


# -- a far side that is no server of ours -----------------------------------------------------------------------------


class Scripted(Worker):
    """A worker whose far side is a thread with the other end of a real socket."""

    def __init__(self, script: Callable[[socket.socket], object], status: int | None) -> None:
        near, far = socket.socketpair()
        super().__init__(near)
        self.status = status

        def play() -> None:
            with far, contextlib.suppress(OSError):
                script(far)

        self.thread = threading.Thread(target=play)
        self.thread.start()

    def end(self) -> int | None:
        """Close, and give the status that the test chose."""
        self.sock.close()
        self.thread.join(5)
        return self.status


class ScriptedParent(WarmParent):
    """Hands out scripted workers, one script after the other."""

    def __init__(self, *scripts: Callable[[socket.socket], object], status: int | None = None) -> None:
        super().__init__()
        self.scripts, self.status = list(scripts), status

    def fork(self) -> Worker:
        """The next script's worker."""
        return Scripted(self.scripts.pop(0), self.status)


def framed(message: bytes) -> bytes:
    return len(message).to_bytes(8, "little") + message


def saying(reply: bytes, then: Callable[[socket.socket], object] = lambda _: None) -> Callable[[socket.socket], object]:
    """A script: get ready, take a request, say these bytes, then do something or go."""

    def script(far: socket.socket) -> None:
        far.sendall(framed(b"ready"))
        far.recv(65536)
        far.sendall(reply)
        then(far)

    return script


def stay(far: socket.socket) -> None:
    far.settimeout(10)
    far.recv(1)


def test_a_reply_announced_as_too_long_is_not_waited_for() -> None:
    workers = InWorker(ScriptedParent(saying((MAX_BYTES + 1).to_bytes(8, "little"), stay), saying(framed(b"fine"))))
    with pytest.raises(Died, match=f"^Your code's answer is too long: {MAX_BYTES + 1:,} bytes"):
        workers(b"request", 5.0)
    assert workers.generation == 1
    assert workers(b"request", 5.0) == b"fine"
    workers.close()


@pytest.mark.parametrize("half", [b"", b"\x05\x00", framed(b"whole")[:-2]], ids=["nothing", "length", "half"])
def test_half_a_reply_and_silence_times_out(half: bytes) -> None:
    workers = InWorker(ScriptedParent(saying(half, stay)))
    with pytest.raises(TimedOut, match=r"^no answer within 0\.2 seconds$"):
        workers(b"request", 0.2)
    assert workers.generation == 1


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (None, "Your code ended the process in which it ran."),
        (0, "exit status 0"),
        (-11, "SIGSEGV"),
        (-63, "SIG|63"),
        (-200, "200"),
    ],
)
@pytest.mark.parametrize("half", [b"", framed(b"whole")[:-2]], ids=["nothing", "half"])
def test_half_a_reply_and_an_end_died(half: bytes, status: int | None, sentence: str) -> None:
    workers = InWorker(ScriptedParent(saying(half), status=status))
    with pytest.raises(Died, match=sentence):
        workers(b"request", 5.0)
    assert workers.generation == 1


def test_a_worker_that_does_not_start_is_our_fault() -> None:
    workers = InWorker(ScriptedParent(lambda _: None, status=1))
    with pytest.raises(RuntimeError, match=r"the worker did not start \(exit status 1\)"):
        workers(b"request", 5.0)


def test_an_interrupt_ends_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    from pytest_trainer.submission import process

    workers = InWorker(ScriptedParent(saying(b"", stay)))

    def interrupted(*_: object) -> bytes:
        raise KeyboardInterrupt

    workers._worker = workers._begin()
    monkeypatch.setattr(process, "receive", interrupted)
    with pytest.raises(KeyboardInterrupt):
        workers(b"request", 5.0)
    assert workers.generation == 1


# -- without a warm parent, and at its end ----------------------------------------------------------------------------


class ColdParent(WarmParent):
    """Where nothing can be forked."""

    def fork(self) -> Worker:
        """A cold worker."""
        return ColdWorker()


@pytest.mark.usefixtures("mark")
def test_a_cold_worker_serves_and_ends(submit: Callable[..., Submission]) -> None:
    workers = InWorker(ColdParent())
    one = submit(workers)
    assert one.call("add", 1, 2) == 3
    pid, group, session, parent = one.call("session")
    assert (pid, pid, os.getpid()) == (group, session, parent)
    assert one.call("stdin") == ["/dev/null", ""]
    child = one.call("child")
    with pytest.raises(Died, match="exit status 3"):
        one.call("leave", 3)
    assert wait_for(lambda: not lives(pid) and not lives(child))
    again = one.call("pid")
    with pytest.raises(TimedOut):
        one.call("hang", limit=0.3)
    assert not lives(again)
    assert workers.generation == 2


def test_a_cold_workers_signal_is_named(submit: Callable[..., Submission]) -> None:
    one = submit(InWorker(ColdParent()))
    with pytest.raises(Died, match="SIGSEGV"):
        one.call("crash")


def test_a_parent_that_the_student_kills_is_replaced_and_nothing_of_it_stays(one: Submission, tmp_path: Path) -> None:
    one.call("add", 1, 2)
    with pytest.raises(TimedOut):
        one.call("kill_parent_and_hang", str(tmp_path / "pids"), limit=0.5)
    worker, parent = map(int, (tmp_path / "pids").read_text().split())
    gone = wait_for(lambda: not lives(worker), 2)
    if not gone:
        os.kill(worker, signal.SIGKILL)
    assert one.call("add", 1, 2) == 3
    assert one.call("session")[3] not in (parent, os.getpid(), 1)
    assert gone, "the worker went on, without a parent to kill it"


def test_closing_the_parent_leaves_no_process_behind(
    submit: Callable[..., Submission], warm: WarmParent, mark: str, tmp_path: Path
) -> None:
    idle, busy = submit(InWorker(warm)), InWorker(warm)
    idle.call("child")
    submit(busy).call("add", 1, 2)
    request = {
        "op": "probe",
        "file": str(tmp_path / "student" / "collation.py"),
        "probes": None,
        "probe": "call",
        "args": ("child_and_hang", str(tmp_path / "pids")),
        "seed": 0,
        "scratch": str(tmp_path / "scratch"),
        "capture": True,
        "imports": (),
    }
    assert busy._worker is not None
    busy._worker.sock.sendall(framed(encode(request)))
    assert wait_for(lambda: (tmp_path / "pids").exists() and (tmp_path / "pids").read_text().count(" ") == 1)
    assert len(marked(mark)) >= 5
    warm.close()
    assert wait_for(lambda: marked(mark) == [])
    warm.close()
    idle.close()
    busy.close()


def test_replies_cross_as_they_are() -> None:
    reply = encode({"value": 3})
    workers = InWorker(ScriptedParent(saying(framed(reply))))
    assert decode(workers(b"request", 5.0)) == {"value": 3}
    workers.close()
