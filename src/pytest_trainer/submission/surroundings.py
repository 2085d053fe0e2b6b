"""What a student's code may disturb, kept as it was: directory, streams, random state, environment, warnings."""

from __future__ import annotations

import contextlib
import io
import os
import random
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

KEPT_OUTPUT = 2_000
PRECISION = "_mixed_precision"


class Printed(io.RawIOBase):
    """A sink for what is printed: keeps the beginning and counts the rest, however much it is."""

    def __init__(self) -> None:
        super().__init__()
        self.kept = bytearray()
        self.size = 0

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: Any, /) -> int:
        """Take `data`, keep what fits."""
        raw = bytes(data)
        self.kept += raw[: max(0, KEPT_OUTPUT - len(self.kept))]
        self.size += len(raw)
        return len(raw)

    def text(self) -> str:
        """What was kept, as text, with a last line that counts the rest."""
        text = self.kept.decode(errors="replace").replace("\r", "\n").rstrip()
        more = self.size - len(self.kept)
        return text + f"\n... and {more:,} bytes more" if more else text


class Surroundings:
    """One call's surroundings; after it, `notes` are sentences on what had to be put back, `left` the files left."""

    def __init__(self, work: Path, folder: Path, seed: int, capture: bool) -> None:
        self.work, self.folder, self.seed, self.capture = work, folder, seed, capture
        self.printed = Printed()
        self.notes: list[str] = []
        self.left: list[str] = []
        self.random_touched = False

    @contextlib.contextmanager
    def __call__(self) -> Iterator[None]:
        """Enter them, and put everything back at the end, whatever was raised."""
        with contextlib.ExitStack() as stack:
            stack.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")
            stack.enter_context(self._directory())
            stack.enter_context(self._interpreter())
            stack.enter_context(self._random())
            if self.capture:
                stack.enter_context(self._streams())
            yield

    @contextlib.contextmanager
    def _directory(self) -> Iterator[None]:
        before = Path.cwd()
        if not self.work.is_dir():
            self.work.unlink(missing_ok=True)
            self.work.mkdir(parents=True)
        os.chdir(self.work)
        try:
            yield
        finally:
            try:
                self._look_at_directory()
            finally:
                os.chdir(before)

    def _look_at_directory(self) -> None:
        try:
            ended = Path.cwd().resolve()
        except OSError:
            ended = Path("a folder that is gone")
        if ended != self.work.resolve():
            self.notes.append(f"Your code changed the working directory to {ended}; it was put back.")
        if not self.work.is_dir():
            return
        self.left = sorted(str(p.relative_to(self.work)) for p in self.work.rglob("*") if not p.is_dir())
        if self.left:
            names = ", ".join(self.left[:3]) + (" ..." if len(self.left) > 3 else "")
            self.notes.append(f"Your code left {len(self.left)} file(s) in the working directory ({names}); removed.")
        for entry in self.work.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _interpreter(self) -> Iterator[None]:
        path, environ, limit = list(sys.path), dict(os.environ), sys.getrecursionlimit()
        streams = sys.stdin, sys.stdout, sys.stderr
        restore = _library_settings()
        sys.path.append(str(self.folder))
        try:
            yield
        finally:
            sys.path[:] = path
            sys.setrecursionlimit(limit)
            if dict(os.environ) != environ:
                os.environ.clear()
                os.environ.update(environ)
            if not self.capture:
                sys.stdin, sys.stdout, sys.stderr = streams
            restore()

    @contextlib.contextmanager
    def _random(self) -> Iterator[None]:
        generators = list(_generators())
        before = [save() for _, save, _ in generators]
        for seed, _, _ in generators:
            seed(self.seed)
        seeded = [_comparable(save()) for _, save, _ in generators]
        try:
            yield
        finally:
            self.random_touched = seeded != [_comparable(save()) for _, save, _ in generators]
            for (_, _, restore), state in zip(generators, before, strict=True):
                restore(state)

    @contextlib.contextmanager
    def _streams(self) -> Iterator[None]:
        stream = io.TextIOWrapper(
            io.BufferedWriter(self.printed), encoding="utf-8", errors="replace", write_through=True
        )
        before = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = stream, io.TextIOWrapper(io.BufferedWriter(Printed()), encoding="utf-8")
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before
            with contextlib.suppress(ValueError, OSError):
                stream.flush()


def _library_settings() -> Callable[[], None]:
    """What puts back the settings that torch and numpy have now, as far as they are loaded."""
    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    threads = torch.get_num_threads() if torch is not None and hasattr(torch, "get_num_threads") else None
    errors = numpy.geterr() if numpy is not None and hasattr(numpy, "geterr") else None
    before = dict(_accelerate_state())

    def restore() -> None:
        state = _accelerate_state()
        # Only a precision that was changed: what an Accelerator that the code keeps has to find there, stays.
        if state.get(PRECISION, "no") != before.get(PRECISION, "no"):
            state.clear()
            state.update(before)
        if torch is not None and threads is not None:
            torch.set_num_threads(threads)
            torch.set_default_dtype(torch.float32)
            torch.set_grad_enabled(True)
        if numpy is not None and errors is not None:
            numpy.seterr(**errors)

    return restore


def _accelerate_state() -> dict[str, Any]:
    """What Accelerate keeps for the whole process, the precision of the last Trainer among it."""
    accelerate = sys.modules.get("accelerate.state")
    shared: dict[str, Any] = getattr(getattr(accelerate, "AcceleratorState", None), "_shared_state", {})
    return shared


def _generators() -> Iterator[tuple[Callable[[int], Any], Callable[[], Any], Callable[[Any], Any]]]:
    """(seed, save, restore) of each global generator among the loaded libraries."""
    yield random.seed, random.getstate, random.setstate
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    if numpy is not None and hasattr(numpy, "random"):
        yield (
            lambda seed: numpy.random.seed(seed % 2**32),
            numpy.random.get_state,
            numpy.random.set_state,
        )
    if torch is not None and hasattr(torch, "default_generator"):
        # Not torch.manual_seed, which queues a seed, with a stack trace, for every accelerator that is not there.
        generator = torch.default_generator
        yield generator.manual_seed, generator.get_state, generator.set_state


def _comparable(state: Any) -> Any:
    if isinstance(state, tuple) and not isinstance(state[0], int):
        return tuple(_comparable(part) for part in state)
    array = state.numpy() if hasattr(state, "numpy") else state
    return array.tobytes() if hasattr(array, "tobytes") else state
