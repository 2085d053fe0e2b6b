"""A full run in several processes, as `torchrun` and `accelerate launch` start it: all train, the first one grades."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")


def rank() -> int:
    """The number of this process among all; 0 where there is only one."""
    number = os.environ.get("RANK", "0")
    return int(number) if world_size() > 1 and number.isdigit() else 0


def grades() -> bool:
    """Whether this is the process that grades: of several that train together, the first one does."""
    return rank() == 0


def world_size() -> int:
    """How many processes train together."""
    number = os.environ.get("WORLD_SIZE", "1")
    return int(number) if number.isdigit() else 1


def agreed(value: T) -> T:
    """The first process's value, in all of them."""
    if world_size() == 1:
        return value
    from accelerate import PartialState
    from accelerate.utils import broadcast_object_list

    PartialState()  # connects the processes, as the Trainer does later
    values: list[T] = broadcast_object_list([value])
    return values[0]


def together() -> None:
    """Wait for all the others."""
    if world_size() > 1:
        from accelerate.utils import wait_for_everyone

        wait_for_everyone()


class Silence:
    """pytest's terminal in a process that does not grade: several would write over each other."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Send pytest's lines nowhere."""
        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter._tw._file = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open until the end
