"""Gradient accumulation: how often the optimiser steps, and with which gradient."""

import functools
import inspect
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn.functional import cross_entropy
from transformers import Trainer

from claims.claim import claim
from claims.small import Slope, arguments, bert, slope_rows, trainer
from pytest_trainer.lab.accumulation import Step, full_batch, trainer_step

SIZES = [2, 4, 8]


@functools.cache
def full() -> tuple[torch.Tensor, float]:
    """Gradient and loss of 16 pairs at once."""
    return full_batch()


@functools.cache
def accumulated(k: int, **how: Any) -> Step:
    """The same pairs in k micro-batches."""
    return trainer_step(k, **how)


def relative_error(one: torch.Tensor, other: torch.Tensor) -> float:
    return float((one - other).norm() / other.norm())


@claim(
    "Gradients add up: backward() adds to a parameter's `.grad` and does not overwrite it.",
    said_in={"06_accumulation": "does not overwrite a parameter's `.grad`, it adds to it"},
)
def test_backward_adds() -> None:
    weight = torch.nn.Parameter(torch.tensor(3.0))
    for factor in (2.0, 5.0):
        (factor * weight).backward()
    assert weight.grad == 7


@claim(
    "With `gradient_accumulation_steps=k` the optimiser steps once for k batches, in the direction of all of them.",
    said_in={"03_training_arguments": "after four batches make one update"},
    quiz=("6b",),
    on_page=True,
)
@pytest.mark.parametrize("k", SIZES)
def test_one_step_for_k_batches(k: int) -> None:
    gradient, _ = full()
    assert torch.cosine_similarity(accumulated(k).gradient, gradient, dim=0) > 1 - 1e-6


@claim(
    "4 pairs per device and 4 steps of accumulation are an effective batch of 16 on one device, and what is left over "
    "at the end of an epoch makes a step of its own: 68 pairs make 5 steps, MRPC's 3,668 make 230.",
    said_in={"03_training_arguments": "So an epoch has 230 updates, and three epochs have 690"},
)
def test_effective_batch_size(tmp_path: Path) -> None:
    settings = {"per_device_train_batch_size": 4, "gradient_accumulation_steps": 4, "num_train_epochs": 3}
    run = Trainer(Slope(), arguments(tmp_path, **settings), train_dataset=slope_rows(68))
    run.train()
    assert run.state.global_step == 3 * 5
    mrpc = Trainer(Slope(), arguments(tmp_path, **settings), train_dataset=slope_rows(3668))
    assert len(mrpc.get_train_dataloader()) == 917 == 229 * 4 + 1


@claim(
    "Accumulated over k batches, the gradient of BERT for classification is k times that of the full batch.",
    said_in={"06_accumulation": "The gradient is k times too large, exactly, and so is the loss in the log"},
    holds="transformers>=5.0",
    differs="Accumulation is presented as the same as a larger batch.",
)
@pytest.mark.parametrize("k", SIZES)
def test_accumulated_gradient_is_k_times_too_large(k: int) -> None:
    gradient, _ = full()
    assert relative_error(accumulated(k).gradient, k * gradient) < 1e-5


@claim(
    "Accumulated over k equal batches, the gradient is that of the full batch.",
    said_in={"06_accumulation": "right for micro-batches of equal size"},
    holds="transformers>=4.57,<5.0",
)
@pytest.mark.parametrize("k", SIZES)
def test_accumulated_gradient_is_the_full_batchs(k: int) -> None:
    gradient, _ = full()
    assert relative_error(accumulated(k).gradient, gradient) < 1e-5


def mean_of_means(outputs: Any, labels: torch.Tensor, num_items_in_batch: Any = None) -> torch.Tensor:
    """A micro-batch's share, where each of four counts as much as any other, and `num_items_in_batch` is not used."""
    del num_items_in_batch
    return cross_entropy(outputs.logits, labels) / 4


@claim(
    "For uneven batches it is the mean of their means, and not the full batch's.",
    said_in={"06_accumulation": "otherwise a mean of means"},
    holds="transformers>=4.57,<5.0",
)
def test_uneven_batches_give_a_mean_of_means() -> None:
    gradient, _ = full()
    by_itself = accumulated(4, rows_per_micro_batch=5).gradient
    assert (
        relative_error(by_itself, accumulated(4, compute_loss_func=mean_of_means, rows_per_micro_batch=5).gradient)
        < 1e-5
    )
    assert relative_error(by_itself, gradient) > 0.01


@claim(
    "The logged training loss, too, is k times too large.",
    said_in={"06_accumulation": "and so is the loss in the log"},
    holds="transformers>=5.0",
)
@pytest.mark.parametrize("k", SIZES)
def test_logged_loss_is_k_times_too_large(k: int) -> None:
    _, loss = full()
    assert accumulated(k).logged_loss == pytest.approx(k * loss, rel=1e-3)


@claim(
    "The evaluation loss is right, however gradients are accumulated.",
    said_in={"06_accumulation": "`eval_loss` is right"},
)
def test_evaluation_loss_is_right(tmp_path: Path) -> None:
    def evaluated(**settings: int) -> float:
        run = trainer(tmp_path, bert(dropout=0), {"learning_rate": 0.0, "num_train_epochs": 1, **settings})
        run.train()
        return run.evaluate()["eval_loss"]

    accumulating = evaluated(per_device_train_batch_size=2, gradient_accumulation_steps=4)
    assert accumulating == pytest.approx(evaluated(), rel=1e-5)


@claim(
    "The Trainer takes a model whose forward() has `**kwargs` for one that divides the loss itself; since transformers "
    "5, BERT's has them.",
    said_in={"06_accumulation": "Since transformers 5, BERT's `forward` for classification takes `**kwargs`"},
    holds="transformers>=5.0",
)
def test_the_model_is_taken_for_one_that_divides(tmp_path: Path) -> None:
    kinds = {parameter.kind for parameter in inspect.signature(bert().forward).parameters.values()}
    assert inspect.Parameter.VAR_KEYWORD in kinds
    assert trainer(tmp_path).model_accepts_loss_kwargs


@claim(
    "Clipping at 1.0 and AdamW hide it: clipped, a step of SGD moves the weights as far as without accumulation, not k "
    "times as far, and one of AdamW does so to within a percent.",
    said_in={"06_accumulation": "a constant factor falls out"},
    holds="transformers>=5.0",
)
def test_clipping_and_adamw_hide_the_factor() -> None:
    def moved(**how: Any) -> float:
        return accumulated(4, **how).moved / accumulated(1, **how).moved

    assert moved() == pytest.approx(4, rel=1e-3)
    assert moved(clipped_at=1.0) == pytest.approx(1, rel=1e-3)
    assert moved(optim="adamw_torch") == pytest.approx(1, rel=1e-2)


# -- compute_loss_func ------------------------------------------------------------------------------------------------


def summed_by_items(outputs: Any, labels: torch.Tensor, num_items_in_batch: Any) -> torch.Tensor:
    return cross_entropy(outputs.logits, labels, reduction="sum") / num_items_in_batch


@claim(
    "With a `compute_loss_func` that divides the summed cross-entropy by `num_items_in_batch`, the gradient is that of "
    "the full batch, also where the last micro-batch is smaller: the Trainer divides by nothing.",
    said_in={"06_accumulation": "and divides by nothing afterwards, in 4.57 as in 5.24"},
)
@pytest.mark.parametrize(("k", "rows"), [(4, 4), (8, 2), (4, 5), (2, 11)])
def test_a_loss_that_counts_items_is_exact(k: int, rows: int) -> None:
    gradient, loss = full()
    step = accumulated(k, compute_loss_func=summed_by_items, rows_per_micro_batch=rows)
    assert relative_error(step.gradient, gradient) < 1e-5
    assert step.logged_loss == pytest.approx(loss, rel=1e-3)


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[bool, int, torch.Tensor]]:
    """What a loss function gets: whether there is a loss, the labels' number, `num_items_in_batch`.

    First from a training of 20 pairs, 12 to a step, in micro-batches of 4; then from an evaluation in batches of 16.
    """
    seen: list[tuple[bool, int, torch.Tensor]] = []

    def loss(outputs: Any, labels: torch.Tensor, num_items_in_batch: torch.Tensor) -> torch.Tensor:
        seen.append((outputs.get("loss") is not None, len(labels), num_items_in_batch))
        return summed_by_items(outputs, labels, num_items_in_batch)

    settings = {
        "per_device_train_batch_size": 4,
        "gradient_accumulation_steps": 3,
        "num_train_epochs": 1,
        "per_device_eval_batch_size": 16,
    }
    rows = trainer(tmp_path_factory.mktemp("calls")).train_dataset.select(range(20))
    run = trainer(tmp_path_factory.mktemp("calls"), settings=settings, train_dataset=rows, compute_loss_func=loss)
    run.train()
    run.evaluate()
    return seen


@claim(
    "`num_items_in_batch` is the number of rows in all micro-batches of the step, and in evaluate() that of the batch; "
    "`outputs.loss` is None.",
    said_in={"06_accumulation": "In `evaluate()` it is the number of rows of that batch"},
)
def test_what_a_loss_function_gets(calls: list[tuple[bool, int, torch.Tensor]]) -> None:
    rows = [(labels, int(items)) for _, labels, items in calls]
    assert rows == [(4, 12)] * 3 + [(4, 8)] * 2 + [(16, 16), (4, 4)]
    assert not any(has_loss for has_loss, _, _ in calls)


@claim(
    "It is a tensor of one float.",
    said_in={"06_accumulation": "a whole number until 5.22 and a float since 5.23"},
    holds="transformers>=5.23",
)
def test_number_of_items_is_a_float(calls: list[tuple[bool, int, torch.Tensor]]) -> None:
    assert {items.dtype for _, _, items in calls} == {torch.float32}


@claim(
    "It is a tensor of one whole number.",
    said_in={"06_accumulation": "a whole number until 5.22 and a float since 5.23"},
    holds="transformers>=4.57,<5.23",
)
def test_number_of_items_is_whole(calls: list[tuple[bool, int, torch.Tensor]]) -> None:
    assert {items.dtype for _, _, items in calls} == {torch.int64}
