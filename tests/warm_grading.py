"""Grades one-file submissions, each in a process forked from one that has imported the libraries.

    python tests/warm_grading.py OUT [--isolation none|process] FILE ...

A FILE is `.../NN_exercise/any_name.py`, one exercise's answer under a name of its own. OUT gets a gradebook for each,
`NN_exercise.any_name.json`; a run that did not finish leaves none. What would explain a check's failure is asked also
where the check passes: a diagnosis of a right answer shows as a failure.
"""

import argparse
import functools
import importlib
import json
import os
import select
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from pytest_trainer import session
from pytest_trainer.grading import expect
from pytest_trainer.lab import world
from pytest_trainer.reference import diagnosis
from pytest_trainer.submission import file_name
from pytest_trainer.submission.process import WarmParent
from pytest_trainer.submission.worker import preload

EXERCISES = Path(__file__).parent.parent / "exercises"
LONGEST = 900.0  # seconds for one exercise: no answer takes so long, whose calls have limits of their own
LAST_CHARACTERS = 600
TOLERANT = ("accumulation", "metrics", "schedules")  # the oracles that have a TOLERANCE


class Unfinished(RuntimeError):
    """A grading left no gradebook; the message is the end of what it printed."""


def gradebook_name(file: Path) -> str:
    """Where the gradebook of a file is put."""
    return f"{file.parent.name}.{file.stem}.json"


def import_libraries(home: Path) -> None:
    """Import the libraries in the tiny world whose HF_HOME is `home`, and leave that world.

    What depends on the seed is made by each grading, in a world entered anew at the same place.
    """
    before = world.enter_tiny(home, seed=0)
    preload()
    importlib.import_module("hypothesis")
    world.one_thread()
    world.leave(before)


class KeptParent(WarmParent):
    """A warm parent that outlives the runs that use it, one after the other, each in a process forked from this one."""

    def __init__(self) -> None:
        super().__init__()
        super().start()
        self.fork().end()

    def start(self) -> None:
        """Nothing: it runs already."""

    def close(self) -> None:
        """Nothing: the next run needs it. It ends when its socket closes, with the process that made it."""


def kept_parent(home: Path) -> KeptParent:
    """A warm parent in the tiny world whose HF_HOME is `home`, of seed 0."""
    shutil.rmtree(home, ignore_errors=True)
    before = world.enter_tiny(home, seed=0)
    parent = KeptParent()
    world.leave(before)
    return parent


def always_explained(by: Callable[..., str]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """`explained`, whose question is asked after a check that passes, too."""
    explained = diagnosis_of_failures(by)

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(test)
        def run(**values: object) -> None:
            test(**values)
            sentence = by(values["submission"])
            if sentence:
                raise expect.wrong("The check passed, and what explains its failure speaks.", diagnosis=sentence)

        return explained(run)

    return decorate


diagnosis_of_failures = diagnosis.explained


def graded(
    file: Path,
    exercise: Path,
    *,
    check: str = "",
    seed: int = 0,
    home: Path | None = None,
    tolerance_times: float = 1.0,
    questioned: bool = False,
    parent: WarmParent | None = None,
) -> dict[str, Any]:
    """The gradebook of a file as the answer to the exercise in this folder, graded in a fork with this seed.

    Args:
        file: the answer, under any name.
        exercise: the folder with the checks.
        check: the only one to run; empty for all.
        seed: as --trainer-seed.
        home: where `import_libraries` was told to make HF_HOME; None where no library is imported yet.
        tolerance_times: multiplies the tolerances of the oracles, to see how near to them answers come.
        questioned: ask what would explain a failure where a check passes, too.
        parent: grade in workers forked from this one, with the seed 0; None grades in the fork itself.

    Raises:
        Unfinished: the process ended or hung without a gradebook.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        child = os.fork()
        if child == 0:
            try:
                _scale_tolerances(tolerance_times)
                if questioned:
                    diagnosis.explained = always_explained
                if parent is not None:
                    session.WarmParent = lambda: parent
                isolation = "none" if parent is None else "process"
                _grade(file, _target(exercise, check), seed, home, folder, isolation)
            finally:
                os._exit(0)
        _wait(child)
        try:
            book: dict[str, Any] = json.loads((folder / "gradebook.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            printed = (folder / "log").read_text(encoding="utf-8", errors="replace")
            raise Unfinished(printed[-LAST_CHARACTERS:]) from None
        return book


def _target(exercise: Path, check: str) -> str:
    """What pytest is to run."""
    tests = exercise / f"test_{file_name(exercise.name)}"
    return f"{tests}::{check}" if check else str(exercise)


def _grade(file: Path, target: str, seed: int, home: Path | None, folder: Path, isolation: str) -> None:
    with (folder / "log").open("w") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    submission, temporary = folder / "submission", folder / "temporary"
    submission.mkdir()
    temporary.mkdir()
    shutil.copyfile(file, submission / file_name(file.parent.name))
    tempfile.tempdir = str(temporary)
    os.chdir(submission)
    if home is not None:
        shutil.rmtree(home, ignore_errors=True)
        world.enter_tiny(home, seed)
    arguments = [target, f"--submission={submission}", f"--gradebook={folder / 'gradebook.json'}"]
    arguments += [
        f"--trainer-seed={seed}",
        f"--trainer-isolation={isolation}",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
    ]
    pytest.main(arguments)


def _scale_tolerances(times: float) -> None:
    for name in TOLERANT if times != 1.0 else ():
        oracle = importlib.import_module(f"pytest_trainer.reference.{name}")
        oracle.TOLERANCE *= times


def _wait(child: int) -> None:
    """Wait for a process, which is killed where it takes too long."""
    watched = os.pidfd_open(child)
    try:
        if not select.select([watched], [], [], LONGEST)[0]:
            os.kill(child, signal.SIGKILL)
    finally:
        os.close(watched)
        os.waitpid(child, 0)


def main(out: Path, files: Sequence[Path], isolation: str = "none") -> None:
    """Grade the files one after the other."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name).resolve() / "hf_home"
        import_libraries(home)
        parent = kept_parent(home) if isolation == "process" else None
        for file in map(Path.resolve, files):
            questioned = file.parent.parent.name != "misconceptions"
            try:
                book = graded(file, EXERCISES / file.parent.name, home=home, questioned=questioned, parent=parent)
            except Unfinished as error:
                print(f"{file}: no gradebook\n{error}", file=sys.stderr)
            else:
                (out / gradebook_name(file)).write_text(json.dumps(book), encoding="utf-8")


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("out", type=Path)
    asked.add_argument("files", type=Path, nargs="+")
    asked.add_argument("--isolation", choices=("none", "process"), default="none")
    main(**vars(asked.parse_args()))
