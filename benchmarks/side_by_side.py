"""Commands timed in turn, A B A B ..., so that a machine that slows down slows both; the ratios are what counts."""

import os
import statistics
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def seconds(command: Sequence[str], folder: Path) -> float:
    """The processor seconds (user and system, its children's too) of a command that may fail as it likes."""
    before = os.times()
    subprocess.run(
        command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


def compare(name: str, one: Sequence[str], other: Sequence[str], folder: Path, runs: int, aim: float) -> None:
    """Print the median seconds of both and the median of the ratios one/other, pair by pair."""
    seconds(one, folder), seconds(other, folder)
    pairs = [(seconds(one, folder), seconds(other, folder)) for _ in range(runs)]
    a, b = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratios = sorted(x / y for x, y in pairs)
    ratio = statistics.median(ratios)
    print(
        f"{name:<58} {a:6.2f} s / {b:6.2f} s = {ratio:5.2f}  ({ratios[0]:.2f} to {ratios[-1]:.2f}, {runs} pairs; "
        f"aim <= {aim:g})",
        flush=True,
    )


def per_call(repeat: int, call) -> float:
    """The median milliseconds of one call."""
    taken = []
    for _ in range(repeat):
        start = time.perf_counter()
        call()
        taken.append(1000 * (time.perf_counter() - start))
    return statistics.median(taken)
