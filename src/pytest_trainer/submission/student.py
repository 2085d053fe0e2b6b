"""The student's file as live code: loaded under a private name, its functions handed out one at a time."""

from __future__ import annotations

import importlib.util
import inspect
import sys
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

PRIVATE = "trainer_file_"


class MissingFunction(Exception):
    """The file has no function of that name."""


class WrongSignature(Exception):
    """The function cannot take the arguments that the lesson names."""


class Unusable(Exception):
    """For probes to raise: what the student's function returned is not what can be probed; one sentence."""


class Student:
    """What a probe gets first: the student's functions as attributes, and a scratch folder to write into.

    `module` is the loaded file itself.

    Raises `MissingFunction` for a name that the file does not define as something that can be called.
    """

    def __init__(self, module: ModuleType, file: str, scratch: Path) -> None:
        self.module, self._file, self.scratch = module, file, scratch

    def __getattr__(self, name: str) -> Callable[..., Any]:
        function = getattr(self.module, name, None)
        if not callable(function):
            no_function = f"{self._file} has no function {name}" if function is None else f"{name} cannot be called"
            raise MissingFunction(f"{no_function}; keep the names of the stub.")

        def call(*args: Any) -> Any:
            _check_signature(name, function, args)
            return function(*args)

        return call


def _check_signature(name: str, function: Callable[..., Any], args: tuple[Any, ...]) -> None:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return
    try:
        signature.bind(*args)
    except TypeError as error:
        plain = ", ".join(str(p).partition(":")[0].partition("=")[0].strip() for p in signature.parameters.values())
        raise WrongSignature(
            f"{name}({plain}) is called with {len(args)} argument{'s' * (len(args) != 1)}, as the stub says, and "
            f"cannot take them: {error}. Keep the stub's signature."
        ) from None


def load(path: Path, role: str) -> ModuleType:
    """Execute a file as a module under a private name, from its source, never from a cached bytecode file."""
    name = f"{PRIVATE}{role}_{zlib.crc32(str(path).encode()):08x}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        exec(compile(path.read_bytes(), str(path), "exec", dont_inherit=True), module.__dict__)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return module


def forget_modules_of(folder: Path) -> None:
    """Drop from `sys.modules` what was imported from a student's folder, so that the next one's helpers load."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        theirs = isinstance(file, str) and Path(file).is_relative_to(folder)
        if theirs and not name.startswith((PRIVATE, "test_")):
            del sys.modules[name]


def import_ahead(imports: Iterable[tuple[str, str]], libraries: frozenset[str]) -> None:
    """Import what the student's functions will import of the dear libraries, before their time is counted."""
    for module, name in imports:
        if module.partition(".")[0] in libraries:
            try:
                loaded = importlib.import_module(module)
                if name and name != "*":
                    getattr(loaded, name)
            except Exception:  # noqa: BLE001 - the student's own import will raise it, with their frame
                continue
