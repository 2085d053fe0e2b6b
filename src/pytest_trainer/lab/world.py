"""The world of a run: *tiny* (offline stand-ins, CPU, one thread) or *real* (the user's caches and device).

A world is entered before the libraries are first imported, because they read the environment then.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pytest_trainer.lab import offline_hub

ENTERED = "PYTEST_TRAINER_WORLD"


class WorldRefused(RuntimeError):
    """The world cannot be entered; one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Real:
    """Where a full run finds what it needs: a checkpoint (Hub name or folder), data ("hub" or folder), device."""

    checkpoint: str = "bert-base-uncased"
    data: str = "hub"
    device: str = "auto"


def enter_tiny(home: Path, seed: int) -> dict[str, str | None]:
    """Make the tiny world's HF_HOME at `home` and set the environment; returns what it was, for `leave`.

    A process that was forked from one in the tiny world of this seed is in it already, and stays there.

    Raises:
        WorldRefused: a library that reads the environment was imported before, under another one.
    """
    if os.environ.get(ENTERED) == f"tiny {seed}":
        return {}
    wanted = offline_hub.environment(home)
    sentence = offline_hub.conflict(wanted)
    if sentence is not None:
        raise WorldRefused(sentence)
    offline_hub.build(home, seed)
    one_thread()
    return _set({**wanted, ENTERED: f"tiny {seed}"})


def enter_real(real: Real) -> dict[str, str | None]:
    """Set the environment of a full run; raises `WorldRefused` where this process entered the tiny world."""
    if os.environ.get(ENTERED, "").startswith("tiny"):
        raise WorldRefused("A full run needs a process of its own: this one already runs the tiny exercises.")
    wanted: dict[str, str | None] = {ENTERED: "real", "TRANSFORMERS_VERBOSITY": "error"}
    if real.device == "cpu":
        wanted |= {"CUDA_VISIBLE_DEVICES": "", "ACCELERATE_USE_CPU": "true"}
    return _set(wanted)


def leave(before: Mapping[str, str | None]) -> None:
    """Put the environment back."""
    _set(before)


def one_thread() -> None:
    """Hold torch, where it is loaded, to one thread: numbers differ between one and two."""
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(1)


def _set(variables: Mapping[str, str | None]) -> dict[str, str | None]:
    before = {name: os.environ.get(name) for name in variables}
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    return before
