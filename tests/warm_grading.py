"""Grades many one-file submissions, each in a process forked from one that has imported the libraries.

    python tests/warm_grading.py OUT [--isolation none|process] FILE ...

A FILE is `.../NN_exercise/any_name.py`, one exercise's answer under a name of its own. OUT gets a gradebook for each,
`NN_exercise.any_name.json`; a run that did not finish leaves none. What would explain a check's failure is asked also
where the check passes: a diagnosis of a right answer shows as a failure.
"""

import argparse
import functools
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pytest_trainer import session
from pytest_trainer.grading import expect
from pytest_trainer.lab import world
from pytest_trainer.reference import diagnosis
from pytest_trainer.submission import file_name
from pytest_trainer.submission.process import WarmParent
from pytest_trainer.submission.worker import preload

EXERCISES = Path(__file__).parent.parent / "exercises"


def gradebook_name(file: Path) -> str:
    """Where the gradebook of a file is put."""
    return f"{file.parent.name}.{file.stem}.json"


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


def grade(file: Path, out: Path, isolation: str, parent: WarmParent | None) -> None:
    """Grade one file here, in a submission folder of its own."""
    folder = Path(tempfile.mkdtemp())
    shutil.copyfile(file, folder / file_name(file.parent.name))
    os.chdir(folder)
    if file.parent.parent.name != "misconceptions":
        diagnosis.explained = always_explained
    if parent is not None:
        session.WarmParent = lambda: parent
    arguments = [
        str(EXERCISES / file.parent.name),
        f"--submission={folder}",
        f"--gradebook={out / gradebook_name(file)}",
    ]
    arguments += [f"--trainer-isolation={isolation}", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"]
    with (out / f"{gradebook_name(file)}.log").open("w") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    pytest.main(arguments)


def main(out: Path, files: Sequence[Path], isolation: str = "none") -> None:
    """Grade the files one after the other."""
    world.enter_tiny(Path(tempfile.mkdtemp()) / "hf_home", seed=0)
    preload()
    world.one_thread()
    parent = KeptParent() if isolation == "process" else None
    for file in files:
        child = os.fork()
        if child == 0:
            try:
                grade(file, out, isolation, parent)
            finally:
                os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("out", type=Path)
    asked.add_argument("files", type=Path, nargs="+")
    asked.add_argument("--isolation", choices=("none", "process"), default="none")
    main(**vars(asked.parse_args()))
