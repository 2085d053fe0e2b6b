"""Where full runs are kept: `runs/NAME/`, with a folder for each seed; which one a resumed run goes on with.

A run that has ended has a report; one without was interrupted. Nothing that is there is ever overwritten.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ABOUT, EVENTS, FINISHED, REPORT, TRAINED = "run.json", "events.jsonl", "finished.json", "report.json", "trained"
LAST_IN_A_CHECKPOINT = "trainer_state.json"


class CannotResume(RuntimeError):
    """There is nothing to resume, or it was begun otherwise; one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class SeedFolder:
    """One training's folder: the events of its training, the Trainer's checkpoints, the trained model."""

    path: Path

    @property
    def events(self) -> Path:
        """The file to which the training is recorded."""
        return self.path / EVENTS

    @property
    def trained(self) -> Path:
        """The folder of the model at the end."""
        return self.path / TRAINED

    def finish(self, returned: Mapping[str, Any]) -> None:
        """Keep what the student's code returned; the training is over and need not be done again."""
        _write(self.path / FINISHED, returned)
        for checkpoint in checkpoints(self.path):
            shutil.rmtree(checkpoint, ignore_errors=True)

    def returned(self) -> dict[str, Any] | None:
        """What the student's code returned, if this training has ended."""
        return _read(self.path / FINISHED)


@dataclass(frozen=True, slots=True)
class RunFolder:
    """One run's folder, `runs/NAME/`."""

    path: Path

    def seed(self, seed: int) -> SeedFolder:
        """The folder of the training with this seed."""
        folder = self.path / f"seed-{seed}"
        folder.mkdir(exist_ok=True)
        return SeedFolder(folder)

    @property
    def ended(self) -> bool:
        """Whether it has its report."""
        return (self.path / REPORT).is_file()

    @property
    def worth_resuming(self) -> bool:
        """Whether a training of it has ended, or left a checkpoint."""
        seeds = [SeedFolder(path) for path in self.path.glob("seed-*")]
        return any(last_checkpoint(one.path) or one.returned() is not None for one in seeds)

    def remove(self) -> None:
        """Remove it with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)


def begin(runs: Path, name: str, about: Mapping[str, Any]) -> RunFolder:
    """A new folder below `runs`: `name`, or the first of `name-2`, `name-3` ... that is not there."""
    runs.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        folder = runs / (name if number == 1 else f"{name}-{number}")
        try:
            folder.mkdir()
        except FileExistsError:
            number += 1
            continue
        _write(folder / ABOUT, about)
        return RunFolder(folder)


def unfinished(runs: Path, name: str) -> RunFolder | None:
    """The newest run of this name that has not ended."""
    found = [path for path in runs.glob(f"{name}*") if _number(path.name, name) and (path / ABOUT).is_file()]
    for path in sorted(found, key=lambda path: -_number(path.name, name)):
        if not RunFolder(path).ended:
            return RunFolder(path)
    return None


def resume(runs: Path, name: str, about: Mapping[str, Any]) -> RunFolder:
    """The newest run of this name that has not ended.

    Raises:
        CannotResume: there is none, or it was begun with something else in `about`.
    """
    folder = unfinished(runs, name)
    if folder is None:
        raise CannotResume(f"{runs.name}/ has no unfinished run {name}; leave out --trainer-resume to start one.")
    begun = _read(folder.path / ABOUT) or {}
    for key, value in about.items():
        if begun.get(key) != json.loads(json.dumps(value)):
            raise CannotResume(
                f"{runs.name}/{folder.path.name} was begun with {key} {begun.get(key)!r}, not {value!r}; "
                "leave out --trainer-resume to start a new run."
            )
    return folder


def checkpoints(folder: Path) -> list[Path]:
    """The Trainer's checkpoints in an output directory, by their step."""
    found = [path for path in folder.glob("checkpoint-*") if path.name.removeprefix("checkpoint-").isdigit()]
    return sorted(found, key=lambda path: int(path.name.removeprefix("checkpoint-")))


def last_checkpoint(folder: Path) -> Path | None:
    """The last checkpoint that was written to its end: a killed process may leave one that was not."""
    whole = [path for path in checkpoints(folder) if _read(path / LAST_IN_A_CHECKPOINT) is not None]
    return whole[-1] if whole else None


def _number(folder: str, name: str) -> int:
    """1 for `name`, n for `name-n`, 0 for anything else."""
    rest = folder.removeprefix(name)
    if folder == name:
        return 1
    return int(rest[1:]) if rest[:1] == "-" and rest[1:].isdigit() else 0


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees all of it or what was there before; raises OSError."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _write(path: Path, value: Mapping[str, Any]) -> None:
    write_whole(path, (json.dumps(value, indent=2) + "\n").encode())


def _read(path: Path) -> dict[str, Any] | None:
    try:
        value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return value
