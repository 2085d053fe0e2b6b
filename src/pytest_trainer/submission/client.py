"""The grader's side of a call: `Submission`, which checks use, and the sentences that a failed call becomes."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pytest_trainer.grading.outcome import Broken, Died, TimedOut, Unfinished, Unsatisfied, WrongAnswer
from pytest_trainer.submission.codec import CodecError, decode, encode, is_flat
from pytest_trainer.submission.recipe import Recipe
from pytest_trainer.submission.source import Source, shown_path
from pytest_trainer.submission.transport import Transport
from pytest_trainer.submission.watched import Watched

CALL_SECONDS = 10.0
LOAD_SECONDS = 120.0
AFTER_A_TIMEOUT = 2.0


class Submission:
    """One exercise of a submission. Checks call the student's functions through it, wherever they run.

    Attributes:
        seed: the run's seed; draw every random input from it.
        scratch: a folder of this exercise's own, where probes may leave folders to be read.
    """

    def __init__(
        self,
        source: Source,
        transport: Transport,
        *,
        seed: int,
        scratch: Path,
        probes: Path | None,
        capture: bool = True,
        limits: bool = True,
    ) -> None:
        self.source, self.transport, self.seed, self.scratch = source, transport, seed, scratch
        self._probes = str(probes) if probes else None
        self._capture, self._limits = capture, limits
        self._calls = 0
        self._loaded: int | None = None
        self._prepared: set[type[Recipe]] = set()
        self._unloadable: Unsatisfied | Died | TimedOut | None = None
        self._has_timed_out = False
        self.notes: dict[str, None] = {}
        self.left: dict[str, None] = {}
        self.output = ""
        self._watched = Watched(source.path.parent)

    def call(self, function: str, *args: Any, limit: float | None = CALL_SECONDS) -> Any:
        """What the student's `function(*args)` returned, as plain values and `Array`s.

        Args:
            function: its name.
            args: plain data, `Array`s, and recipes, which are made live on the student's side.
            limit: seconds for this call; None where nobody can say, as in a full run.

        Raises:
            Unfinished, Broken, TimedOut, Died: with the sentence for the student.
        """
        self._calls += 1
        return self._probe("call", (function, *args), limit, self._calls)

    def probe(self, name: str, *args: Any, limit: float | None = CALL_SECONDS) -> Any:
        """What the probe `name` of the exercise's probes.py returned; arguments and errors as in `call`.

        Besides those of the exercise there is "arguments_after": it calls a function as `call` does, and returns
        the arguments as they were left.
        """
        return self._probe(name, args, limit, zlib.crc32(name.encode()))

    def note(self, sentence: str) -> None:
        """Say something beside a verdict that stays as it is; the student reads it under the exercise."""
        self.notes[sentence] = None

    def take_notes(self) -> list[str]:
        """The notes since they were last taken: those of one check, in whatever order the checks run."""
        notes = list(self.notes)
        self.notes.clear()
        return notes

    def written_outside(self, allowed: Path) -> list[str]:
        """Files that the student's code has left so far, but for those below `allowed`.

        Seen are its working directory, its own folder, and what looks like a model or a log in HF_HOME, where the
        libraries themselves keep caches.
        """
        new = [path for path in self._watched.new() if not path.is_relative_to(allowed)]
        return [*self.left, *(shown_path(path, self.source.path.parent) for path in new)]

    def close(self) -> None:
        """End the student's side."""
        self.transport.close()

    def _probe(self, name: str, args: tuple[Any, ...], limit: float | None, salt: int) -> Any:
        self._load()
        self._prepare(args)
        if self._has_timed_out and limit is not None:
            limit = min(limit, AFTER_A_TIMEOUT)
        named = args[0] if name in ("call", "arguments_after") else ""
        try:
            return self._ask("probe", limit, name, args, salt)
        except TimedOut as error:
            self._has_timed_out = True
            about = f"{named} gave no answer" if named else "Your code came to no end"
            error.message = f"{about} within {_seconds(limit)}; is there a loop that does not end?"
            raise

    def _load(self) -> None:
        if self._unloadable is not None:
            raise self._unloadable
        if self._loaded == self.transport.generation:
            return
        try:
            self._ask("load", LOAD_SECONDS)
        except (Unsatisfied, Died) as error:
            error.about_input = False
            self._unloadable = error
            raise
        except TimedOut as error:
            error.message = f"{self.source.shown} did not finish loading within {LOAD_SECONDS:g} seconds."
            self._unloadable = error
            raise
        self._loaded = self.transport.generation
        self._prepared.clear()

    def _prepare(self, args: Iterable[Any]) -> None:
        """Make the recipes of these arguments once, so that their imports do not count as the student's time."""
        new = [recipe for recipe in _recipes(args) if type(recipe) not in self._prepared]
        if new:
            self._ask("prepare", LOAD_SECONDS, args=tuple(new))
            self._prepared.update(type(recipe) for recipe in new)

    def _ask(self, op: str, limit: float | None, probe: str = "", args: tuple[Any, ...] = (), salt: int = 0) -> Any:
        request = {
            "op": op,
            "file": str(self.source.path),
            "probes": self._probes,
            "probe": probe,
            "args": args,
            "seed": zlib.crc32(f"{self.seed}:{salt}".encode()),
            "scratch": str(self.scratch),
            "capture": self._capture,
            "imports": self.source.imports if op == "load" else (),
        }
        self.output = ""
        message = self.transport(encode(request), limit if self._limits else None)
        try:
            reply = decode(message)
            self.output = str(reply.get("output", ""))
            self.notes.update(dict.fromkeys(map(str, reply.get("notes", ()))))
            self.left.update(dict.fromkeys(map(str, reply.get("left", ()))))
            function = args[0] if probe == "call" else ""
            error = self._unsatisfied(reply["error"], function, op) if "error" in reply else None
        except (CodecError, AttributeError, TypeError, KeyError, IndexError):
            raise Died("Your code spoiled the channel over which its answers are sent.") from None
        if error is not None:
            raise error
        return reply.get("value")

    def _unsatisfied(self, error: Mapping[str, Any], function: str, op: str) -> Exception:
        kind, name, message = error["kind"], error["type"], error["message"]
        frames = error["frames"]
        place = f"{self._shown(frames[-1][0])}:{frames[-1][1]}" if frames else ""
        if kind == "fault":
            return RuntimeError(f"{name} in the grader's own code on the student's side: {message}")
        if kind == "sentence":
            return Broken(message, about_input=False) if name != "Unusable" else WrongAnswer(message)
        if kind == "codec":
            return WrongAnswer(f"The answer cannot be handed over: {message}")
        where = f"{function} " if function else ("Loading " + self.source.shown + " " if op == "load" else "Your code ")
        lines = list(_frame_lines(frames))
        if kind == "exit":
            return _at_line(Broken, frames)(
                "\n".join((f"{where}called sys.exit(); leave it out: it would end the whole run.", *lines)),
                place,
            )
        if kind == "unfinished":
            return Unfinished(f"{where}still raises NotImplementedError.", place, about_input=False)
        if error["raised_in"] and lines:
            lines.append(f"  raised inside {error['raised_in']}")
        sentence = f"{where}raised {name}" + (f": {message}" if message else ".")
        return _at_line(Broken, frames, name)("\n".join((sentence, *lines)), place)

    def _shown(self, file: str) -> str:
        return str(Path(self.source.shown).parent / file)


def _seconds(number: float | None) -> str:
    return f"{number:g} second{'s' * (number != 1)}"


_classes: dict[tuple[Any, ...], type[Unsatisfied]] = {}


def _at_line(base: type[Unsatisfied], frames: list[Any], name: str = "") -> type[Unsatisfied]:
    """A class for each kind of error and line, so that Hypothesis does not shrink from one bug into another."""
    key = (base, name, tuple(frames[-1][:2]) if frames else ())
    if key not in _classes:
        _classes[key] = type(base.__name__, (base,), {})
    return _classes[key]


def _frame_lines(frames: list[Any]) -> Iterator[str]:
    for file, line, function, source in frames:
        if not file:
            yield "  ... more calls ..."
            continue
        yield f"  {file}, line {line}, in {function}"
        if source:
            yield f"    {source}"


def _recipes(value: Any) -> Iterator[Recipe]:
    if isinstance(value, Recipe):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _recipes(item)
    elif isinstance(value, tuple) or (isinstance(value, list) and not is_flat(value)):
        for item in value:
            yield from _recipes(item)
