"""The student's side of a call: `Server` turns request bytes into reply bytes, the same in every transport.

A request is `{"op", "file", "probes", "probe", "args", "seed", "scratch", "capture", "imports"}`; a reply is
`{"value" or "error", "output", "notes", "left"}`. Only this module runs the student's code.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import linecache
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from pytest_trainer.grading.outcome import Stop
from pytest_trainer.submission.codec import CodecError, decode, encode
from pytest_trainer.submission.live import freeze, thaw
from pytest_trainer.submission.student import (
    MissingFunction,
    Student,
    Unusable,
    WrongSignature,
    forget_modules_of,
    import_ahead,
    load,
)
from pytest_trainer.submission.surroundings import Surroundings

LIBRARIES = frozenset(
    {"accelerate", "datasets", "evaluate", "numpy", "pandas", "scipy", "sklearn", "torch", "transformers"}
)
RECIPES = "pytest_trainer.lab.recipes"
OURS = str(Path(__file__).parent.parent)
MAX_MESSAGE = 600
MAX_FRAMES = 6
MANY_MODULES = 100


def _call(student: Student, function: str, *args: Any) -> Any:
    return getattr(student, function)(*args)


def _arguments_after(student: Student, function: str, *args: Any) -> Any:
    getattr(student, function)(*args)
    return args


BUILT_IN: dict[str, Callable[..., Any]] = {"call": _call, "arguments_after": _arguments_after}


class Server:
    """Answers requests, keeping the modules that it loaded between them."""

    def __init__(self) -> None:
        self.modules: dict[tuple[str, str], ModuleType] = {}
        self.folder: Path | None = None

    def __call__(self, message: bytes) -> bytes:
        """The reply to one request; raises only `Stop`, KeyboardInterrupt and `CodecError` for a bad request."""
        importlib.import_module(RECIPES)
        request = decode(message)
        file, scratch = Path(request["file"]), Path(request["scratch"])
        self._turn_to(file.parent)
        around = Surroundings(scratch / "work", file.parent, request["seed"], request["capture"])
        reply: dict[str, Any] = {}
        try:
            with around(), _spared_from_collections():
                reply["value"] = freeze(self._answer(request, file, scratch))
        except (Stop, KeyboardInterrupt):
            raise
        except BaseException as error:  # noqa: BLE001 - whatever a student's code raises
            reply["error"] = describe(error, file.parent, request["probes"])
        if around.random_touched and request["op"] == "probe" and request["probe"] in BUILT_IN:
            around.notes.append("Your code set a random seed or drew random numbers; the random state was put back.")
        reply |= {"output": around.printed.text(), "notes": around.notes, "left": around.left}
        return self._encoded(reply)

    def _encoded(self, reply: dict[str, Any]) -> bytes:
        try:
            return encode(reply)
        except CodecError as error:
            refused = {
                "kind": "codec",
                "type": "CodecError",
                "message": str(error),
                "frames": [],
                "raised_in": "",
            }
            return encode({"error": refused, "output": reply["output"], "notes": reply["notes"], "left": []})

    def close(self) -> None:
        """Forget the student's helper modules, so that the next student's load."""
        if self.folder is not None:
            forget_modules_of(self.folder)

    def _turn_to(self, folder: Path) -> None:
        if self.folder is not None and self.folder != folder:
            forget_modules_of(self.folder)
        self.folder = folder

    def _answer(self, request: dict[str, Any], file: Path, scratch: Path) -> Any:
        match request["op"]:
            case "load":
                import_ahead(request["imports"], LIBRARIES)
                self._module(file, "student")
                return None
            case "prepare":
                thaw(request["args"])
                return None
        student = Student(self._module(file, "student"), file.name, scratch)
        probe = self._probe(request["probe"], request["probes"])
        return probe(student, *thaw(request["args"]))

    def _module(self, path: Path, role: str) -> ModuleType:
        key = (role, str(path))
        if key not in self.modules:
            self.modules[key] = load(path, role)
        return self.modules[key]

    def _probe(self, name: str, probes: str | None) -> Callable[..., Any]:
        if name in BUILT_IN:
            return BUILT_IN[name]
        if probes is None:
            raise LookupError(f"there is no probe {name!r}: the exercise has no probes.py")
        probe: Callable[..., Any] = getattr(self._module(Path(probes), "probes"), name)
        return probe


@contextlib.contextmanager
def _spared_from_collections() -> Iterator[None]:
    """Where much is imported, keep it out of the garbage collections that a Trainer asks for: they take most of its
    time otherwise.
    """
    before = len(sys.modules)
    yield
    if len(sys.modules) - before > MANY_MODULES:
        gc.freeze()


def describe(error: BaseException, folder: Path, probes: str | None) -> dict[str, Any]:
    """An exception as plain data: its kind, type, message, and the frames in the student's own files."""
    frames, innermost = [], ""
    for code, line in _frames(error):
        innermost = code.co_filename
        if Path(innermost).is_relative_to(folder) and innermost != probes:
            source = linecache.getline(innermost, line).strip()
            frames.append((str(Path(innermost).relative_to(folder)), line, code.co_name, source))
    raised_in = "" if Path(innermost).is_relative_to(folder) else _library_place(innermost)
    if len(frames) > MAX_FRAMES:
        frames = [*frames[: MAX_FRAMES // 2], ("", len(frames) - MAX_FRAMES, "", ""), *frames[-MAX_FRAMES // 2 :]]
    kind = _kind(error, bool(frames), innermost, folder, probes)
    return {
        "kind": kind,
        "type": type(error).__name__,
        "message": _text_of(error),
        "frames": frames,
        "raised_in": raised_in,
    }


def _frames(error: BaseException) -> list[tuple[Any, int]]:
    frames, traceback = [], error.__traceback__
    while traceback is not None:
        frames.append((traceback.tb_frame.f_code, traceback.tb_lineno))
        traceback = traceback.tb_next
    return frames


def _kind(error: BaseException, in_student: bool, innermost: str, folder: Path, probes: str | None) -> str:
    if isinstance(error, (MissingFunction, WrongSignature, Unusable)):
        return "sentence"
    if isinstance(error, CodecError):
        return "codec"
    if isinstance(error, SystemExit):
        return "exit"
    theirs = innermost != probes and Path(innermost).is_relative_to(folder)
    if isinstance(error, NotImplementedError) and theirs:
        return "unfinished"
    ours = innermost == probes or innermost.startswith(OURS)
    return "fault" if ours and not in_student else "exception"


def _library_place(file: str) -> str:
    parts = Path(file).parts
    if "site-packages" in parts:
        return "/".join(parts[parts.index("site-packages") + 1 :])
    return ""


def _text_of(error: BaseException) -> str:
    try:
        text = str(error).strip()
    except Stop:
        raise
    except BaseException:  # noqa: BLE001 - a student's __str__ may raise anything, SystemExit too
        text = ""
    return text if len(text) <= MAX_MESSAGE else text[:MAX_MESSAGE] + " ..."
