"""Whether a full run can begin: its data and its checkpoint are there, and are what they should be."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_trainer.lab.recipes import Mrpc
from pytest_trainer.lab.world import Real, WorldRefused

if TYPE_CHECKING:
    from datasets import DatasetDict

COLUMNS = ("sentence1", "sentence2", "label")
SPLITS = ("train", "validation")


@functools.cache
def data(real: Real) -> DatasetDict:
    """The data of a full run, loaded and looked at once.

    Raises:
        WorldRefused: it is not to be had, or lacks a split or a column; one sentence that says what to pass.
    """
    if real.data != "hub":
        _look_at_files(Path(real.data))
    try:
        splits = Mrpc(real.data).make()
    except Exception as error:
        if real.data != "hub":
            raise WorldRefused(f"--trainer-data {real.data} cannot be read: {_first_line(error)}") from error
        raise WorldRefused(
            "nyu-mll/glue is not in the cache, and the Hub cannot be reached; pass --trainer-data DIR, a folder with "
            f"MRPC's train.parquet, validation.parquet and test.parquet. ({_first_line(error)})"
        ) from error
    for split in SPLITS:
        _look_at(splits, split, real.data)
    return splits


def _look_at_files(folder: Path) -> None:
    """A column that one file lacks is filled with nothing where another has it, so each is looked at by itself."""
    import pyarrow.parquet

    for split in SPLITS:
        try:
            there = pyarrow.parquet.read_schema(folder / f"{split}.parquet").names
        except (OSError, ValueError) as error:
            raise WorldRefused(f"--trainer-data {folder} cannot be read: {_first_line(error)}") from error
        missing = [name for name in COLUMNS if name not in there]
        if missing:
            raise WorldRefused(
                f"--trainer-data {folder}: {split}.parquet lacks the column {', '.join(missing)}; a full run needs "
                f"{', '.join(COLUMNS)}."
            )


def _look_at(splits: Mapping[str, Any], split: str, where: str) -> None:
    if split not in splits or not len(splits[split]):
        raise WorldRefused(f"--trainer-data {where} has no rows in the split {split!r}, which a full run needs.")
    labels = set(splits[split].unique("label")) - {0, 1}
    if labels:
        raise WorldRefused(f"--trainer-data {where}: the labels of {split!r} are 0 and 1 in MRPC, not {labels.pop()}.")


def checkpoint(real: Real) -> str:
    """The checkpoint of a full run, whose config can be had.

    Raises:
        WorldRefused: it is neither a folder nor a name that the cache or the Hub knows.
    """
    from transformers import AutoConfig

    try:
        AutoConfig.from_pretrained(real.checkpoint)
    except Exception as error:
        raise WorldRefused(
            f"--trainer-checkpoint {real.checkpoint} is no folder here, is not in the cache, and the Hub does not hand "
            f"it out; pass the folder of a saved model, or check name and network. ({_first_line(error)})"
        ) from error
    return real.checkpoint


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:160]}" if lines else type(error).__name__
