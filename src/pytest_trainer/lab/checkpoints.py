"""The tiny checkpoint as a student gets it: a copy that can be told from the stand-in of the same weights."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from pytest_trainer.lab.recipes import CHECKPOINT

STAMP = "pytest_trainer_checkpoint"


def stamped_checkpoint(folder: Path, seed: int) -> Path:
    """A copy of the shipped checkpoint whose config says so.

    A model made from it keeps the stamp when it is saved; one made from a name that was written into the code, and
    not from the argument, lacks it.
    """
    shutil.copytree(CHECKPOINT, folder, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    path = folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**config, STAMP: stamp(seed)}, indent=2) + "\n", encoding="utf-8")
    return folder


def stamp(seed: int) -> str:
    """What the config of this run's checkpoint says."""
    return f"given-{seed}"
