"""What this machine can and cannot do for the course: `pytest-trainer doctor`.

Each examination returns findings as plain data; `report_lines` makes the page that a person reads.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import platform
import re
import shutil
import sys
import tempfile
import textwrap
import urllib.error
import urllib.request
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from packaging.requirements import Requirement

from pytest_trainer.classroom.course import CourseError, course_folder, exercises_of

DISTRIBUTION = "pytest-trainer"
COURSE, FULL_RUN = "The course: pytest exercises/", "Full runs: pytest exercises/ -m gpu"
NETWORK_SECONDS = 5
LEAST_DISK = 200 * 2**20
LEAST_MEMORY = 2 * 2**30
WIDTH = 79


class State(StrEnum):
    """How a finding bears on what one wants to do: it works, it is good to know, it does not work."""

    OK = "ok"
    NOTE = "note"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what was found, and, where it does not work, what to do."""

    about: str
    state: State
    text: str

    @property
    def stops_the_course(self) -> bool:
        """Whether the course cannot run because of it."""
        return self.about == COURSE and self.state is State.NO


def examine() -> list[Finding]:
    """Look at everything; takes some seconds, most of them to import the libraries."""
    findings = [*_python(), *_requirements(), *_imports(), *_plugin(), *_course(), *_room()]
    caches = list(_caches())
    cached = all(finding.state is State.OK for finding in caches)
    return [*findings, *_gpu(), *caches, *_network(State.NOTE if cached else State.NO)]


def report_lines(findings: Sequence[Finding]) -> list[str]:
    """The page: what was found, under what it matters to, and what follows from it."""
    lines = [f"pytest-trainer {_version(DISTRIBUTION)}, {platform.system()}, {os.cpu_count()} cores"]
    for about in (COURSE, FULL_RUN):
        lines += ["", about]
        for finding in findings:
            if finding.about == about:
                lead = f"  {finding.state:<5} "
                lines += textwrap.wrap(
                    finding.text,
                    WIDTH,
                    initial_indent=lead,
                    subsequent_indent=" " * len(lead),
                    break_long_words=False,
                    break_on_hyphens=False,
                )
    stopped = any(finding.stops_the_course for finding in findings)
    full_run = not stopped and not any(f.about == FULL_RUN and f.state is State.NO for f in findings)
    last = "The course cannot run here yet: see each 'no' above." if stopped else "The course can run here."
    if not stopped:
        last += " So can full runs." if full_run else " Full runs need what is marked 'no'."
    return [*lines, "", last]


# -- the course -------------------------------------------------------------------------------------------------------


def _python() -> Iterator[Finding]:
    where = f"Python {platform.python_version()} at {sys.executable}"
    wanted = importlib.metadata.metadata(DISTRIBUTION)["Requires-Python"]
    enough = sys.version_info >= tuple(int(part) for part in re.findall(r"\d+", str(wanted)))
    yield Finding(COURSE, State.OK if enough else State.NO, where if enough else f"{where}: the course needs {wanted}.")
    if not hasattr(os, "fork"):
        text = "--trainer-isolation process needs os.fork(), which this system lacks; the default, none, works."
        yield Finding(COURSE, State.NOTE, text)
    if platform.system() != "Linux":
        yield Finding(COURSE, State.NOTE, f"{platform.system()} is untested; the course is developed on Linux.")


def _requirements() -> Iterator[Finding]:
    for line in importlib.metadata.requires(DISTRIBUTION) or []:
        requirement = Requirement(line)
        if requirement.marker is not None and not requirement.marker.evaluate():
            continue
        found, wanted = _version(requirement.name), f"{requirement.name}{requirement.specifier}"
        install = f"pip install '{wanted}'"
        if not found:
            yield Finding(COURSE, State.NO, f"{requirement.name} is not installed: {install}")
        elif not requirement.specifier.contains(found, prereleases=True):
            yield Finding(COURSE, State.NO, f"{requirement.name} {found} is too old: {install}")
        else:
            yield Finding(COURSE, State.OK, f"{requirement.name} {found}")


def _imports() -> Iterator[Finding]:
    for module, name in (
        ("torch", "tensor"),
        ("transformers", "Trainer"),
        ("datasets", "Dataset"),
        ("evaluate", "load"),
    ):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                getattr(importlib.import_module(module), name)
        except Exception as error:  # noqa: BLE001 - a broken installation may raise anything
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            text = f"{module} is installed and cannot be imported ({type(error).__name__}: {reason}); install it again."
            yield Finding(COURSE, State.NO, text)


def _plugin() -> Iterator[Finding]:
    names = [
        point.name
        for point in importlib.metadata.entry_points(group="pytest11")
        if point.module == "pytest_trainer.plugin"
    ]
    autoload = os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    if not names:
        yield Finding(COURSE, State.NO, "pytest does not know the plugin: install pytest-trainer again.")
    elif autoload:
        text = "PYTEST_DISABLE_PLUGIN_AUTOLOAD is set: unset it, or call pytest with -p pytest_trainer.plugin."
        yield Finding(COURSE, State.NO, text)
    if "-p no:trainer" in os.environ.get("PYTEST_ADDOPTS", ""):
        yield Finding(COURSE, State.NO, "PYTEST_ADDOPTS switches the plugin off: take '-p no:trainer' out of it.")


def _course() -> Iterator[Finding]:
    from pytest_trainer.lab.offline_hub import CHECKPOINT

    try:
        folder = course_folder()
    except CourseError as error:
        yield Finding(COURSE, State.NO, str(error))
        return
    exercises = len(exercises_of(folder))
    missing = [
        name for name in ("config.json", "model.safetensors", "tokenizer.json") if not (CHECKPOINT / name).is_file()
    ]
    if missing:
        text = f"the tiny checkpoint lacks {', '.join(missing)}: install pytest-trainer again."
        yield Finding(COURSE, State.NO, text)
    else:
        yield Finding(COURSE, State.OK, f"{exercises} exercises and the tiny checkpoint; no network and no GPU needed")


def _room() -> Iterator[Finding]:
    temporary = Path(tempfile.gettempdir())
    free = shutil.disk_usage(temporary).free
    if not os.access(temporary, os.W_OK):
        yield Finding(COURSE, State.NO, f"{temporary} cannot be written: set TMPDIR to a folder that can.")
    elif free < LEAST_DISK:
        yield Finding(COURSE, State.NO, f"{temporary} has {_size(free)} left: free {_size(LEAST_DISK)}, or set TMPDIR.")
    else:
        yield Finding(COURSE, State.OK, f"{_size(free)} free in {temporary}")
    memory = _memory()
    if memory is not None and memory < LEAST_MEMORY:
        yield Finding(
            COURSE, State.NOTE, f"{_size(memory)} of memory are available; below {_size(LEAST_MEMORY)} it may swap."
        )
    elif memory is not None:
        yield Finding(COURSE, State.OK, f"{_size(memory)} of memory available")


# -- full runs --------------------------------------------------------------------------------------------------------


def _gpu() -> Iterator[Finding]:
    try:
        import torch

        build = f"torch {torch.__version__}" + (
            f" for CUDA {torch.version.cuda}" if torch.version.cuda else ", built for the CPU"
        )
        if torch.cuda.is_available():
            properties = torch.cuda.get_device_properties(0)
            yield Finding(FULL_RUN, State.OK, f"{build}; {properties.name} with {_size(properties.total_memory)}")
            return
    except Exception as error:  # noqa: BLE001 - a broken driver may raise anything
        yield Finding(FULL_RUN, State.NO, f"no GPU can be used: torch raised {type(error).__name__}: {error}")
        return
    advice = "install torch for your GPU, or add --trainer-device cpu, which takes long"
    yield Finding(FULL_RUN, State.NO, f"no GPU: {build}; {advice}.")


def _caches() -> Iterator[Finding]:
    try:
        from huggingface_hub import constants, try_to_load_from_cache
    except Exception as error:  # noqa: BLE001 - named above, too
        yield Finding(FULL_RUN, State.NO, f"huggingface_hub cannot be imported ({type(error).__name__}).")
        return
    home = Path(constants.HF_HOME)
    model = isinstance(try_to_load_from_cache("google-bert/bert-base-uncased", "config.json"), str) or isinstance(
        try_to_load_from_cache("bert-base-uncased", "config.json"), str
    )
    data = any(
        (folder / "mrpc").is_dir() for folder in (home / "datasets" / "nyu-mll___glue", home / "datasets" / "glue")
    )
    for found, what, option in (
        (model, "bert-base-uncased", "--trainer-checkpoint"),
        (data, "MRPC (nyu-mll/glue)", "--trainer-data"),
    ):
        if found:
            yield Finding(FULL_RUN, State.OK, f"{what} is in the cache {home}")
        else:
            yield Finding(
                FULL_RUN,
                State.NOTE,
                f"{what} is not in the cache {home}: it is downloaded, or {option} names a folder.",
            )
    if constants.HF_HUB_OFFLINE:
        yield Finding(
            FULL_RUN, State.NOTE, "HF_HUB_OFFLINE is set: nothing is downloaded; unset it to use the network."
        )


def _network(unreachable: State) -> Iterator[Finding]:
    endpoint = os.environ.get("HF_ENDPOINT", "https://huggingface.co")
    request = urllib.request.Request(endpoint, method="HEAD", headers={"User-Agent": "pytest-trainer doctor"})
    try:
        with urllib.request.urlopen(request, timeout=NETWORK_SECONDS):
            pass
    except urllib.error.HTTPError:
        pass
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        text = f"{endpoint} does not answer ({reason})"
        if unreachable is State.NO:
            text += ": pass folders by --trainer-checkpoint and --trainer-data."
        yield Finding(FULL_RUN, unreachable, text)
        return
    yield Finding(FULL_RUN, State.OK, f"{endpoint} answers")


# -- small things -----------------------------------------------------------------------------------------------------


def _version(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _memory() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = {line.partition(":")[0]: line.split()[1] for line in lines if line.split()[1:]}
    return int(found["MemAvailable"]) * 1024 if "MemAvailable" in found else None


def _size(number: float) -> str:
    return f"{number / 2**30:.1f} GB" if number >= 2**30 else f"{number / 2**20:.0f} MB"
