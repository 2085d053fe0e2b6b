"""Experiments run on one thread, in a folder of their own, and cannot reach a network."""

from __future__ import annotations

import gc
import os
import socket
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

with warnings.catch_warnings():
    # What the libraries warn of while they are imported is between them.
    warnings.simplefilter("ignore")
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer, Trainer  # noqa: F401


@pytest.fixture(autouse=True, scope="package")
def quick_collections() -> Iterator[None]:
    """Each training collects garbage, which takes half a second while the collector looks at all the libraries."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True, scope="package")
def one_thread() -> Iterator[None]:
    """Sums are added in another order on two."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(autouse=True)
def own_environment() -> Iterator[None]:
    """TrainingArguments of transformers 4 set variables that every later Trainer of the process obeys."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written without a path is written there."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connecting to anything is an error."""

    def refuse(_socket: socket.socket, address: Any) -> None:
        raise AssertionError(f"an experiment wants to reach {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
