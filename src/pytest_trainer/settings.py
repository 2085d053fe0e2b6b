"""The options of a run, read once and refused with one sentence where they cannot be."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_trainer.lab.world import Real

if TYPE_CHECKING:
    import pytest

SPLIT_FILES = ("train.parquet", "validation.parquet", "test.parquet")


@dataclass(frozen=True, slots=True)
class Settings:
    """One run's options, validated. `full_run` says that `-m` asks for the gpu checks; `repeats`, `resume` and `push`
    are a full run's.
    """

    submission: Path | None
    gradebook: Path | None
    seed: int
    isolation: str
    real: Real
    full_run: bool
    repeats: int
    resume: bool
    push: bool
    start: Path


def read_settings(config: pytest.Config) -> Settings:
    """The settings of this run; raises `pytest.UsageError` with one sentence."""
    start = config.invocation_params.dir
    seed = _seed(config.getoption("--trainer-seed"))
    full_run = bool(re.search(r"\bgpu\b", re.sub(r"\bnot\s+gpu\b", "", config.option.markexpr or "")))
    repeats = _repeats(config.getoption("--trainer-repeats"))
    resume, push = config.getoption("--trainer-resume"), config.getoption("--trainer-push")
    _only_full_runs(full_run, {"--trainer-repeats": repeats > 1, "--trainer-resume": resume, "--trainer-push": push})
    return Settings(
        submission=_submission(config.getoption("trainer_submission"), start),
        gradebook=_gradebook(config.getoption("trainer_gradebook"), start),
        seed=seed,
        isolation=config.getoption("--trainer-isolation"),
        real=Real(
            checkpoint=_checkpoint(config.getoption("--trainer-checkpoint"), start),
            data=_data(config.getoption("--trainer-data"), start),
            device=config.getoption("--trainer-device"),
        ),
        full_run=full_run,
        repeats=repeats,
        resume=resume,
        push=push,
        start=start,
    )


def _refusal(sentence: str) -> pytest.UsageError:
    import pytest

    return pytest.UsageError(sentence)


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise _refusal(f"--trainer-seed is a whole number from 0 up, not {text!r}.")
    return int(text)


def _repeats(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise _refusal(f"--trainer-repeats is a whole number from 1 up, not {text!r}.")
    return int(text)


def _only_full_runs(full_run: bool, given: Mapping[str, bool]) -> None:
    for option, asked in given.items():
        if asked and not full_run:
            raise _refusal(f"{option} belongs to full runs; add -m gpu.")


def _submission(given: str | None, start: Path) -> Path | None:
    if given is None:
        return None
    folder = start / given
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise _refusal(f"--submission {given} {what}; name the folder that holds the completed exercises.")
    return folder.resolve()


def _gradebook(given: str | None, start: Path) -> Path | None:
    if given is None:
        return None
    path = start / given
    place = path if path.exists() else path.parent
    if path.is_dir():
        raise _refusal(f"--gradebook {given} is a folder; name a file in it.")
    if not path.parent.is_dir():
        what = "is a file" if path.parent.exists() else "does not exist"
        raise _refusal(f"--gradebook {given} cannot be written: the folder {path.parent} {what}.")
    if not os.access(place, os.W_OK):
        raise _refusal(f"--gradebook {given} cannot be written: no permission; name another place.")
    return path


def _checkpoint(given: str, start: Path) -> str:
    folder = start / given
    if not folder.is_dir():
        return given
    if not (folder / "config.json").is_file():
        raise _refusal(f"--trainer-checkpoint {given} has no config.json; name the folder of a saved model.")
    return str(folder.resolve())


def _data(given: str, start: Path) -> str:
    if given == "hub":
        return given
    folder = start / given
    missing = [name for name in SPLIT_FILES if not (folder / name).is_file()]
    if missing:
        raise _refusal(f"--trainer-data {given} lacks {', '.join(missing)}; name hub or a folder that has them.")
    return str(folder.resolve())
