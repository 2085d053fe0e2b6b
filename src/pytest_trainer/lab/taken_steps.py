"""The grader's own small training: which steps a Trainer really takes with some settings that a student chose.

A linear model on a few rows. The settings are not trusted: only those that a check names, and of a known kind, get in.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import math
import os
import random
import tempfile
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_trainer.grading.show import kind_of, show
from pytest_trainer.reference.arguments import flat

if TYPE_CHECKING:
    from torch import nn

MOST = 100_000
ACCUMULATION_KWARGS = "accelerator_config.gradient_accumulation_kwargs"


class NoTraining(Exception):
    """No training came of the settings; the text is a sentence for the student."""


@dataclass(slots=True)
class Steps:
    """What a training did: rows in each batch, rows behind each update, and the learning rate of each update.

    `evaluations` and `epoch_ends` say after how many updates they came.
    """

    batches: list[int] = field(default_factory=list)
    updates: list[int] = field(default_factory=list)
    learning_rates: list[float] = field(default_factory=list)
    evaluations: list[int] = field(default_factory=list)
    epoch_ends: list[int] = field(default_factory=list)


def take_steps(settings: Mapping[str, Any], names: Collection[str], *, rows: int, epochs: int, **own: Any) -> Steps:
    """Train so many epochs on so many rows, with the named ones of these settings, and see what is done.

    Args:
        settings: a student's, as `TrainingArguments.to_dict()` gives them.
        names: those of them to train with; a name that this version of transformers lacks is left out.
        rows, epochs: of this training.
        own: settings of the check's own.

    Raises:
        NoTraining: a setting is of no kind that the Trainer takes, or the Trainer raised.
    """
    there = flat(settings)
    chosen = {name: known(name, there[name]) for name in names if name in there}
    if ACCUMULATION_KWARGS in chosen:
        chosen["accelerator_config"] = {"gradient_accumulation_kwargs": chosen.pop(ACCUMULATION_KWARGS)}
    with undisturbed(), tempfile.TemporaryDirectory() as folder:
        try:
            return _train({**_harmless(folder), "num_train_epochs": epochs, **own, **chosen}, rows)
        except Exception as error:
            raise NoTraining(f"A Trainer with these arguments raises {type(error).__name__}: {error}") from error


def default_settings() -> dict[str, Any]:
    """What `TrainingArguments.to_dict()` gives where nothing is set, in the installed version."""
    from transformers import TrainingArguments

    with undisturbed():
        unset: Any = TrainingArguments("unset")
        settings: dict[str, Any] = unset.to_dict()
    return settings


# -- what may come in -------------------------------------------------------------------------------------------------


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _is_word(value: object) -> bool:
    return isinstance(value, str) and len(value) <= 40 and value.replace("_", "a").isalnum()


def _are_options(value: object) -> bool:
    return isinstance(value, Mapping) and all(
        _is_word(name) and (isinstance(item, bool) or _is_number(item) or _is_word(item))
        for name, item in value.items()
    )


def _or_none(test: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: value is None or test(value)


KINDS: dict[str, tuple[Callable[[object], bool], str]] = {
    "per_device_train_batch_size": (_is_count, "a whole number of at least 1"),
    "per_gpu_train_batch_size": (_or_none(_is_count), "a whole number of at least 1"),
    "gradient_accumulation_steps": (_is_count, "a whole number of at least 1"),
    ACCUMULATION_KWARGS: (_or_none(_are_options), "a dict of numbers"),
    "learning_rate": (_is_number, "a number"),
    "lr_scheduler_type": (_is_word, "the name of a schedule"),
    "lr_scheduler_kwargs": (_or_none(_are_options), "a dict of numbers"),
    "warmup_steps": (_is_number, "a number"),
    "warmup_ratio": (_or_none(_is_number), "a number"),
    "eval_strategy": (_is_word, "the name of a strategy"),
    "eval_steps": (_or_none(_is_number), "a number"),
    "eval_delay": (_or_none(_is_number), "a number"),
}
"""The settings of a student's with which the grader may train, each with its test and its words."""


def known(name: str, value: object) -> Any:
    """`value`, where it is of the kind that this setting takes; raises `NoTraining`, and KeyError for other names."""
    test, kind = KINDS[name]
    if not test(value):
        raise NoTraining(f"{name.rpartition('.')[2]}: wanted {kind}, came back {kind_of(value)}, {show(value, 40)}.")
    return value


def _harmless(folder: str) -> dict[str, Any]:
    return {
        "output_dir": folder,
        "save_strategy": "no",
        "logging_strategy": "no",
        "report_to": "none",
        "disable_tqdm": True,
        "use_cpu": True,
    }


# -- the training -----------------------------------------------------------------------------------------------------


def _train(settings: dict[str, Any], rows: int) -> Steps:
    import torch
    from transformers import PrinterCallback, Trainer, TrainerCallback, TrainingArguments

    steps = Steps()

    class Watching(TrainerCallback):
        def on_pre_optimizer_step(self, *_: Any, **named: Any) -> None:
            steps.updates.append(sum(steps.batches) - sum(steps.updates))
            steps.learning_rates.append(float(named["optimizer"].param_groups[0]["lr"]))

        def on_evaluate(self, *args_state_control: Any, **_: Any) -> None:
            steps.evaluations.append(args_state_control[1].global_step)

        def on_epoch_end(self, *args_state_control: Any, **_: Any) -> None:
            steps.epoch_ends.append(args_state_control[1].global_step)

    data = [{"inputs": torch.tensor([row / rows, 1.0]), "labels": row % 2} for row in range(rows)]
    model = _classifier()(steps.batches)
    trainer = Trainer(
        model, TrainingArguments(**settings), train_dataset=data, eval_dataset=data[:2], callbacks=[Watching()]
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train()
    return steps


@functools.cache
def _classifier() -> Callable[[list[int]], nn.Module]:
    """A linear classifier that notes how many rows each training batch has."""
    import torch
    from torch import nn

    class Classifier(nn.Module):
        def __init__(self, seen: list[int]) -> None:
            super().__init__()
            self.seen, self.linear = seen, nn.Linear(2, 2)

        def forward(self, inputs: torch.Tensor, labels: torch.Tensor) -> dict[str, torch.Tensor]:
            if self.training:
                self.seen.append(len(labels))
            logits = self.linear(inputs)
            return {"loss": nn.functional.cross_entropy(logits.float(), labels), "logits": logits}

    return Classifier


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Keep this process as it is while training arguments and a Trainer are made in it.

    They set random seeds. In transformers 4 the arguments write their precision to the environment, where the next ones
    find it; and Accelerate keeps the state of the last ones for the whole process.
    """
    import numpy as np
    import torch
    from accelerate.state import AcceleratorState, GradientState, PartialState

    environ, shared = dict(os.environ), [c._shared_state for c in (AcceleratorState, GradientState, PartialState)]
    before = [dict(state) for state in shared]
    draws, numpy_draws, torch_draws = random.getstate(), np.random.get_state(), torch.default_generator.get_state()
    with warnings.catch_warnings(), _quick_collection():
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            for state, kept in zip(shared, before, strict=True):
                state.clear()
                state.update(kept)
            if dict(os.environ) != environ:
                os.environ.clear()
                os.environ.update(environ)
            random.setstate(draws)
            np.random.set_state(numpy_draws)
            torch.default_generator.set_state(torch_draws)


@contextlib.contextmanager
def _quick_collection() -> Iterator[None]:
    """Spare the Trainer's garbage collection the objects of all libraries: walking them takes longer than training."""
    theirs = gc.get_freeze_count()
    gc.freeze()
    try:
        yield
    finally:
        if not theirs:
            gc.unfreeze()
