"""The same steps in float32 and in another precision; what fp16 does on a GPU, the check of exercise 03 measures."""

import pytest
import torch
from datasets import Dataset

from pytest_trainer.full_run.precision import CLOSE, EVERY, Steps, measured, steps
from pytest_trainer.lab.offline_hub import CHECKPOINT
from pytest_trainer.lab.paraphrases import dataset_dict


@pytest.fixture(scope="module")
def rows() -> Dataset:
    """Pairs to train on."""
    return dataset_dict(0, {"train": 64, "validation": 2, "test": 2})["train"]


@pytest.fixture(scope="module")
def plain(rows: Dataset) -> Steps:
    """The training in float32."""
    return steps(str(CHECKPOINT), rows, "cpu", {}, 2 * EVERY)


def test_a_training_is_repeated_exactly(rows: Dataset, plain: Steps) -> None:
    again = steps(str(CHECKPOINT), rows, "cpu", {"fp16": False}, 2 * EVERY)
    assert again.losses == plain.losses
    assert len(plain.losses) == 2
    assert plain.weights == {"float32"}
    assert plain.precision == "no"
    assert plain.peak_memory is None


@pytest.mark.skipif(torch.cuda.is_available(), reason="is about a machine without a GPU")
def test_fp16_changes_nothing_on_a_cpu(rows: Dataset, plain: Steps) -> None:
    half = steps(str(CHECKPOINT), rows, "cpu", {"fp16": True}, 2 * EVERY)
    assert half.losses == plain.losses


def test_a_coarser_format_than_fp16_stays_within_the_bound_and_is_seen(rows: Dataset, plain: Steps) -> None:
    bf16 = steps(str(CHECKPOINT), rows, "cpu", {"bf16": True}, 2 * EVERY)
    assert bf16.precision == "bf16"
    assert bf16.weights == {"float32"}
    assert 0 < plain.furthest(bf16) < CLOSE


def test_a_training_that_does_not_learn_is_beyond_the_bound(rows: Dataset, plain: Steps) -> None:
    labels = Dataset.from_dict({**rows.to_dict(), "label": [1 - label for label in rows["label"]]})
    assert plain.furthest(steps(str(CHECKPOINT), labels, "cpu", {}, 2 * EVERY)) > CLOSE


def test_time_and_memory_are_told_in_words() -> None:
    some = Steps((), 2.5, 3 * 2**20, "fp16", frozenset())
    assert measured(some) == "2.5 s and 3 MiB at the most"
