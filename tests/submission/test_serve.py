"""`Server`: request bytes in, reply bytes out, whatever the student's code does."""

import random
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from pytest_trainer.grading.outcome import TimedOut
from pytest_trainer.submission.codec import Array, CodecError, decode, encode
from pytest_trainer.submission.live import freeze
from pytest_trainer.submission.serve import MAX_FRAMES, MAX_MESSAGE, Server
from pytest_trainer.submission.student import PRIVATE

Reply = dict[str, Any]


@pytest.fixture(autouse=True)
def modules() -> Iterator[None]:
    """Forget what a test's submissions imported."""
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith(PRIVATE) or name in ("helper", "datasets_of_mine"):
            del sys.modules[name]


class Desk:
    """A submission's folder and the server that it is asked of."""

    def __init__(self, tmp_path: Path, server: Server | None = None) -> None:
        self.folder, self.scratch = tmp_path / "student", tmp_path / "scratch"
        self.folder.mkdir(parents=True)
        self.server = server or Server()
        self.probes: Path | None = None

    def write(self, text: str, name: str = "collation.py") -> None:
        (self.folder / name).write_text(text)

    def ask(self, op: str, probe: str = "", *args: Any, seed: int = 1, imports: tuple[Any, ...] = ()) -> Reply:
        request = {
            "op": op,
            "file": str(self.folder / "collation.py"),
            "probes": str(self.probes) if self.probes else None,
            "probe": probe,
            "args": args,
            "seed": seed,
            "scratch": str(self.scratch),
            "capture": True,
            "imports": imports,
        }
        reply: Reply = decode(self.server(encode(request)))
        assert ("value" in reply) != ("error" in reply)
        return reply

    def call(self, function: str, *args: Any) -> Reply:
        return self.ask("probe", "call", function, *args)

    def value(self, function: str, *args: Any) -> Any:
        reply = self.call(function, *args)
        assert "error" not in reply, reply
        return reply["value"]

    def error(self, function: str, *args: Any) -> dict[str, Any]:
        error: dict[str, Any] = self.call(function, *args)["error"]
        return error


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


# -- answers ----------------------------------------------------------------------------------------------------------


def test_a_call_brings_back_what_the_function_returned(desk: Desk) -> None:
    desk.write("def add(a, b):\n    print('adding')\n    return {'sum': a + b}\n")
    assert desk.call("add", 1, 2) == {"value": {"sum": 3}, "output": "adding", "notes": [], "left": []}


def test_arguments_arrive_live_and_the_callers_stay_as_they_were(desk: Desk) -> None:
    desk.write("def double(x, y):\n    x *= 2\n    y.append(type(x).__name__)\n    return x, y\n")
    tensor, names = freeze(torch.ones(2)), ["a"]
    value = desk.value("double", tensor, names)
    assert (value[0].kind, value[0].data.tolist(), value[1]) == ("tensor", [2, 2], ["a", "Tensor"])
    assert (tensor.data.tolist(), names) == ([1, 1], ["a"])


def test_arguments_after_shows_what_was_done_to_them(desk: Desk) -> None:
    desk.write("def spoil(rows):\n    rows[0].pop('label')\n")
    reply = desk.ask("probe", "arguments_after", "spoil", [{"label": 1, "idx": 2}])
    assert reply["value"] == ([{"idx": 2}],)


def test_the_module_is_kept_between_calls(desk: Desk) -> None:
    desk.write("calls = []\ndef count():\n    calls.append(1)\n    return len(calls)\n")
    assert [desk.value("count"), desk.value("count")] == [1, 2]


def test_loading_runs_the_file_and_calls_nothing(desk: Desk) -> None:
    desk.write("print('loading')\ndef collate(x): raise ValueError\n")
    assert desk.ask("load") == {"value": None, "output": "loading", "notes": [], "left": []}


def test_preparing_touches_no_code_of_the_students(desk: Desk) -> None:
    desk.write("raise ValueError")
    assert desk.ask("prepare", "", [1])["value"] is None


def test_files_left_and_directories_changed_are_told(desk: Desk) -> None:
    desk.write("def leave():\n    open('model.bin', 'w').close()\n")
    reply = desk.call("leave")
    assert reply["left"] == ["model.bin"]
    assert reply["notes"] == ["Your code left 1 file(s) in the working directory (model.bin); removed."]


def test_removing_the_working_directory_is_no_error(desk: Desk) -> None:
    desk.write("import os, shutil\ndef remove():\n    shutil.rmtree(os.getcwd())\n    return 1\ndef one(): return 1\n")
    before = Path.cwd()
    assert desk.value("remove") == 1
    assert Path.cwd() == before
    assert desk.value("one") == 1


@pytest.mark.parametrize(
    ("code", "noted"),
    [("random.seed(0)", True), ("random.random()", True), ("random.Random(0).random()", False)],
)
def test_random_state_is_put_back_and_told(desk: Desk, code: str, noted: bool) -> None:
    desk.write(f"import random\ndef draw():\n    return {code}\n")
    before = random.getstate()
    notes = desk.call("draw")["notes"]
    assert random.getstate() == before
    told = "Your code set a random seed or drew random numbers; the random state was put back."
    assert notes == ([told] if noted else [])


def test_what_a_probe_draws_is_not_the_students_doing(desk: Desk) -> None:
    desk.write("def one(): return 1\n")
    desk.probes = desk.folder / "probes.py"
    desk.write("import random\ndef draw(student):\n    return random.random()\n", "probes.py")
    reply = desk.ask("probe", "draw", seed=5)
    assert (reply["value"], reply["notes"]) == (random.Random(5).random(), [])


# -- probes -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def probing(desk: Desk, tmp_path: Path) -> Desk:
    desk.probes = tmp_path / "checks" / "probes.py"
    desk.probes.parent.mkdir()
    return desk


def test_a_probe_gets_the_student_first(probing: Desk) -> None:
    probing.write("def add(a, b): return a + b\n")
    probing.probes.write_text(
        "def twice(student, x):\n    (student.scratch / 'kept').write_text('x')\n    return student.add(x, x)\n"
    )
    assert probing.ask("probe", "twice", 4)["value"] == 8
    assert (probing.scratch / "kept").read_text() == "x"


def test_a_probe_that_breaks_by_itself_is_our_fault(probing: Desk) -> None:
    probing.write("def add(a, b): return a + b\n")
    probing.probes.write_text("def broken(student):\n    return 1 / 0\n")
    assert probing.ask("probe", "broken")["error"]["kind"] == "fault"
    assert probing.ask("probe", "missing")["error"]["kind"] == "fault"


def test_a_probe_beside_the_students_file_is_ours_all_the_same(desk: Desk) -> None:
    desk.probes = desk.folder / "probes.py"
    desk.write("def add(a, b): return a / b\n")
    desk.write("def broken(student): return 1 / 0\ndef calls(student): return student.add(1, 0)\n", "probes.py")
    assert desk.ask("probe", "broken")["error"]["kind"] == "fault"
    theirs = desk.ask("probe", "calls")["error"]
    assert (theirs["kind"], [frame[0] for frame in theirs["frames"]]) == ("exception", ["collation.py"])


def test_an_unusable_answer_is_the_probes_sentence(probing: Desk) -> None:
    probing.write("def make(): return None\n")
    probing.probes.write_text(
        "from pytest_trainer.submission import Unusable\n"
        "def look(student):\n    raise Unusable(f'make returned {student.make()}, no Trainer.')\n"
    )
    error = probing.ask("probe", "look")["error"]
    assert (error["kind"], error["type"]) == ("sentence", "Unusable")
    assert error["message"] == "make returned None, no Trainer."


def test_a_probe_without_a_file_of_probes_is_our_fault(desk: Desk) -> None:
    desk.write("")
    error = desk.ask("probe", "look")["error"]
    assert error["kind"] == "fault"
    assert "no probes.py" in error["message"]


# -- helpers beside the file ------------------------------------------------------------------------------------------


def two_desks(tmp_path: Path, server: Callable[[], Server | None]) -> list[Desk]:
    desks = []
    for name in ("ada", "bob"):
        desk = Desk(tmp_path / name, server())
        desk.write(f"NAME = {name!r}\n", "helper.py")
        desk.write(
            "from helper import NAME\ndef name(): return NAME\n"
            "def later():\n    import helper\n    return helper.NAME\n"
        )
        desks.append(desk)
    return desks


def test_helpers_of_two_submissions_are_told_apart_by_one_server(tmp_path: Path) -> None:
    server = Server()
    desks = two_desks(tmp_path, lambda: server)
    for function in ("name", "later", "name", "later"):
        assert [desk.value(function) for desk in desks] == ["ada", "bob"]


def test_a_server_that_is_closed_leaves_no_helper_to_the_next_one(tmp_path: Path) -> None:
    for desk, name in zip(two_desks(tmp_path, Server), ("ada", "bob"), strict=True):
        assert [desk.value("name"), desk.value("later")] == [name, name]
        desk.server.close()
    Server().close()


@pytest.mark.parametrize("library", ["datasets", "torch", "numpy", "json"])
def test_a_file_named_like_a_library_does_not_stand_in_for_it(desk: Desk, library: str) -> None:
    desk.write("raise ValueError('the wrong file')\n", f"{library}.py")
    desk.write(f"import {library}\ndef where():\n    import {library} as again\n    return again.__file__\n")
    assert not Path(desk.value("where")).is_relative_to(desk.folder)


def test_the_students_folder_leaves_the_path_after_the_call(desk: Desk) -> None:
    desk.write("import sys\ndef path(): return sys.path\n")
    assert desk.value("path")[-1] == str(desk.folder)
    assert str(desk.folder) not in sys.path


def test_no_bytecode_appears_beside_the_students_file(desk: Desk) -> None:
    desk.write("def one(): return 1\n")
    desk.value("one")
    assert [path.name for path in desk.folder.iterdir()] == ["collation.py"]


# -- errors -----------------------------------------------------------------------------------------------------------


def test_an_exception_has_its_line_and_source(desk: Desk) -> None:
    desk.write("def inner(x):\n    return x[5]\n\n\ndef collate(x):\n    y = inner(x)\n    return y\n")
    assert desk.error("collate", [1]) == {
        "kind": "exception",
        "type": "IndexError",
        "message": "list index out of range",
        "frames": [
            ("collation.py", 6, "collate", "y = inner(x)"),
            ("collation.py", 2, "inner", "return x[5]"),
        ],
        "raised_in": "",
    }


def test_lines_are_read_in_the_files_own_encoding(desk: Desk) -> None:
    (desk.folder / "collation.py").write_bytes(
        "# coding: latin-1\ndef collate():\n    raise ValueError('Zoë')\n".encode("latin-1")
    )
    error = desk.error("collate")
    assert error["message"] == "Zoë"
    assert error["frames"] == [("collation.py", 3, "collate", "raise ValueError('Zoë')")]


def test_an_error_in_a_library_names_the_library_and_the_students_line(desk: Desk) -> None:
    desk.write("import torch\n\n\n\ndef net():\n    torch.nn.Linear(2, 2)(torch.ones(3))\n")
    error = desk.error("net")
    assert error["kind"] == "exception"
    assert error["frames"] == [("collation.py", 6, "net", "torch.nn.Linear(2, 2)(torch.ones(3))")]
    assert error["raised_in"].startswith("torch/nn/modules/")


def test_an_error_in_a_helper_is_the_students(desk: Desk) -> None:
    desk.write("def pad(x):\n    raise KeyError('pad')\n", "helper.py")
    desk.write("import helper\ndef collate(x):\n    return helper.pad(x)\n")
    error = desk.error("collate", 1)
    assert [frame[:3] for frame in error["frames"]] == [("collation.py", 3, "collate"), ("helper.py", 2, "pad")]
    assert (error["kind"], error["message"]) == ("exception", "'pad'")


def test_a_deep_recursion_is_cut_in_the_middle(desk: Desk) -> None:
    desk.write("def collate(n):\n    return collate(n + 1)\n")
    error = desk.error("collate", 0)
    assert error["type"] == "RecursionError"
    assert len(error["frames"]) == MAX_FRAMES + 1
    file, calls, *_ = error["frames"][MAX_FRAMES // 2]
    assert file == ""
    assert calls > 100
    assert desk.error("collate", 0)["type"] == "RecursionError"


@pytest.mark.parametrize(
    ("body", "kind", "name"),
    [
        ("raise NotImplementedError", "unfinished", "NotImplementedError"),
        ("raise NotImplementedError('soon')", "unfinished", "NotImplementedError"),
        ("import sys; sys.exit(2)", "exit", "SystemExit"),
        ("quit()", "exit", "SystemExit"),
        ("raise ValueError('x')", "exception", "ValueError"),
        ("raise BaseException('x')", "exception", "BaseException"),
        ("raise GeneratorExit", "exception", "GeneratorExit"),
        ("raise ExceptionGroup('x', [ValueError()])", "exception", "ExceptionGroup"),
        ("class Mine(Exception): pass\n    raise Mine('x')", "exception", "Mine"),
        ("import torch; torch.empty(2, device='meta').item()", "exception", "RuntimeError"),
        ("import asyncio; raise asyncio.CancelledError", "exception", "CancelledError"),
        ("exec('1 / 0')", "exception", "ZeroDivisionError"),
        ("loop = []\n    loop.append(loop)\n    return loop", "codec", "CodecError"),
        ("return 10 ** 5000", "codec", "CodecError"),
        ("x = 1", "sentence", "MissingFunction"),
    ],
)
def test_every_end_of_a_call_has_its_kind(desk: Desk, body: str, kind: str, name: str) -> None:
    desk.write(f"def collate():\n    {body}\n")
    function = "missing" if name == "MissingFunction" else "collate"
    error = desk.error(function)
    assert (error["kind"], error["type"]) == (kind, name)


def test_not_implemented_in_a_library_is_an_exception(desk: Desk) -> None:
    desk.write("def it():\n    import asyncio\n    asyncio.AbstractEventLoop().stop()\n")
    error = desk.error("it")
    assert (error["kind"], error["type"]) == ("exception", "NotImplementedError")


@pytest.mark.parametrize(
    "value",
    ["torch.eye(2).to_sparse()", "torch.empty(2, device='meta')", "torch.tensor([1j]).conj().imag"],
)
def test_no_answer_of_a_student_is_our_fault(desk: Desk, value: str) -> None:
    desk.write(f"import torch\ndef collate():\n    return {value}\n")
    assert "error" not in desk.call("collate")


def test_an_answer_that_raises_while_it_is_read_is_the_students(desk: Desk) -> None:
    desk.write(
        "class Batch:\n    def keys(self): return ['a']\n    def __getitem__(self, key): raise KeyError(key)\n"
        "def collate(): return Batch()\n"
    )
    error = desk.error("collate")
    assert (error["kind"], error["type"]) == ("exception", "KeyError")
    assert error["frames"][-1][:2] == ("collation.py", 3)


@pytest.mark.parametrize("limit", ["MAX_BYTES", "MAX_NODES"])
def test_an_answer_that_is_too_large_is_a_sentence(desk: Desk, limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from pytest_trainer.submission import codec

    desk.write("def collate():\n    print('hello')\n    return [i / 2 for i in range(20_000)]\n")
    monkeypatch.setattr(codec, limit, 10_000)
    reply = desk.call("collate")
    assert reply["error"]["kind"] == "codec"
    assert "10,000" in reply["error"]["message"]
    assert reply["output"] == "hello"


def test_a_message_is_cut_and_a_message_that_raises_is_empty(desk: Desk) -> None:
    desk.write(
        "class Silent(Exception):\n    def __str__(self): raise ValueError\n"
        "class Leaving(Exception):\n    def __str__(self): raise SystemExit\n"
        "def silent(): raise Silent\ndef leave(): raise Leaving\ndef loud(): raise ValueError('x' * 5000)\n"
    )
    assert desk.error("leave")["message"] == ""
    assert desk.error("silent")["message"] == ""
    assert desk.error("loud")["message"] == "x" * MAX_MESSAGE + " ..."


def test_a_file_that_raises_while_loading_is_told_each_time(desk: Desk) -> None:
    desk.write("x = 1\nraise ImportError('no module named foo')\n")
    for _ in range(2):
        error = desk.ask("load")["error"]
        assert (error["kind"], error["frames"]) == (
            "exception",
            [("collation.py", 2, "<module>", "raise ImportError('no module named foo')")],
        )


def test_a_wrong_signature_is_a_sentence(desk: Desk) -> None:
    desk.write("def collate(a): ...\n")
    error = desk.error("collate", 1, 2)
    assert (error["kind"], error["frames"]) == ("sentence", [])


# -- what passes through ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("passing", [KeyboardInterrupt, TimedOut])
def test_an_interrupt_and_a_timeout_pass_through_and_all_is_put_back(desk: Desk, passing: type[BaseException]) -> None:
    desk.write(
        "from pytest_trainer.grading.outcome import TimedOut\nimport os\n"
        "def stop():\n    os.environ['TRAINER_TEST'] = '1'\n"
        f"    raise {'KeyboardInterrupt' if passing is KeyboardInterrupt else 'TimedOut(message=str())'}\n"
        "def one(): return 1\n"
    )
    before = Path.cwd(), sys.stdout
    with pytest.raises(passing):
        desk.call("stop")
    assert (Path.cwd(), sys.stdout) == before
    assert desk.value("one") == 1


def test_a_request_that_is_no_message_is_refused(desk: Desk) -> None:
    with pytest.raises(CodecError):
        desk.server(b"nonsense")


def test_a_server_works_off_the_main_thread(desk: Desk) -> None:
    desk.write("def one(): return 1\n")
    came = []
    thread = threading.Thread(target=lambda: came.append(desk.value("one")))
    thread.start()
    thread.join()
    assert came == [1]


def test_scratch_folders_are_made_as_needed(desk: Desk) -> None:
    desk.write("def one(): return 1\n")
    shutil.rmtree(desk.scratch, ignore_errors=True)
    assert desk.value("one") == 1


def test_numbers_keep_their_kind_across(desk: Desk) -> None:
    desk.write("import numpy as np, torch\ndef numbers(): return 1, 1.0, np.float64(1), torch.tensor(1)\n")
    value = desk.value("numbers")
    assert [type(one) for one in value] == [int, float, Array, Array]
    assert [one.described for one in value[2:]] == ["a numpy float64", "a tensor of int64, shape ()"]
