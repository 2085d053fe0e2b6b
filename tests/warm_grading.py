"""Grades many one-file submissions, each in a process forked from one that has imported the libraries.

    python tests/warm_grading.py OUT FILE ...

A FILE is `.../NN_exercise/any_name.py`, one exercise's answer under a name of its own. OUT gets a gradebook for each,
`NN_exercise.any_name.json`; a run that did not finish leaves none.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from pytest_trainer.lab import world
from pytest_trainer.submission import file_name
from pytest_trainer.submission.worker import preload

EXERCISES = Path(__file__).parent.parent / "exercises"


def gradebook_name(file: Path) -> str:
    """Where the gradebook of a file is put."""
    return f"{file.parent.name}.{file.stem}.json"


def grade(file: Path, out: Path, isolation: str = "none") -> None:
    """Grade one file here, in a submission folder of its own."""
    folder = Path(tempfile.mkdtemp())
    shutil.copyfile(file, folder / file_name(file.parent.name))
    os.chdir(folder)
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


def main(out: Path, files: Sequence[Path]) -> None:
    """Grade the files one after the other."""
    world.enter_tiny(Path(tempfile.mkdtemp()) / "hf_home", seed=0)
    preload()
    world.one_thread()
    for file in files:
        child = os.fork()
        if child == 0:
            try:
                grade(file, out)
            finally:
                os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
