"""Small things to experiment with: the shipped checkpoint, some pairs of sentences, and arguments for the CPU."""

from __future__ import annotations

import copy
import functools
from pathlib import Path
from typing import Any

import datasets
import torch
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    Trainer,
    TrainerCallback,
    TrainingArguments,
    set_seed,
)

from pytest_trainer.lab.offline_hub import CHECKPOINT
from pytest_trainer.lab.paraphrases import dataset_dict

ROWS = {"train": 32, "validation": 20, "test": 4}


@functools.cache
def tokenizer() -> PreTrainedTokenizerBase:
    """The shipped checkpoint's."""
    return AutoTokenizer.from_pretrained(CHECKPOINT)


@functools.cache
def raw_datasets() -> datasets.DatasetDict:
    """Pairs with MRPC's columns: sentence1, sentence2, label, idx."""
    return dataset_dict(0, ROWS)


@functools.cache
def tokenized_datasets() -> datasets.DatasetDict:
    """The same, with the columns that the tokenizer adds."""
    return raw_datasets().map(
        lambda batch: tokenizer()(batch["sentence1"], batch["sentence2"], truncation=True), batched=True
    )


def load(**config: Any) -> PreTrainedModel:
    """The shipped checkpoint with a new head, as the course loads it."""
    return AutoModelForSequenceClassification.from_pretrained(CHECKPOINT, num_labels=2, **config)


@functools.cache
def _loaded(dropout: float) -> PreTrainedModel:
    set_seed(0)
    return load(hidden_dropout_prob=dropout, attention_probs_dropout_prob=dropout)


def bert(dropout: float = 0.1) -> PreTrainedModel:
    """A copy of it to train, always with the same head; without dropout, its training is all arithmetic."""
    return copy.deepcopy(_loaded(dropout))


class Slope(torch.nn.Module):
    """A model of one weight, for runs in which only the Trainer counts: a step takes a millisecond or two."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.tensor(0.0))

    def forward(self, x: torch.Tensor, labels: torch.Tensor) -> dict[str, torch.Tensor]:
        return {"loss": ((self.weight * x - labels) ** 2).mean(), "logits": self.weight * x}


def slope_rows(number: int) -> list[dict[str, float]]:
    """Rows for it."""
    return [{"x": float(i % 7), "labels": float(i % 3)} for i in range(number)]


def arguments(folder: Path, **settings: Any) -> TrainingArguments:
    """Arguments for a quiet run on the CPU that saves nothing, changed by `settings`."""
    quiet = {
        "output_dir": str(folder),
        "use_cpu": True,
        "report_to": "none",
        "disable_tqdm": True,
        "dataloader_pin_memory": False,
        "save_strategy": "no",
    }
    return TrainingArguments(**quiet | settings)


def trainer(
    folder: Path, model: torch.nn.Module | None = None, settings: dict[str, Any] | None = None, **parts: Any
) -> Trainer:
    """A Trainer on the pairs, as the course makes it; `parts` are added or replace others, None leaves out."""
    whole = {
        "model": bert() if model is None and "model_init" not in parts else model,
        "args": arguments(folder, **settings or {}),
        "train_dataset": tokenized_datasets()["train"],
        "eval_dataset": tokenized_datasets()["validation"],
        "processing_class": tokenizer(),
    }
    return Trainer(**{name: part for name, part in (whole | parts).items() if part is not None})


def logged(trainer: Trainer, key: str) -> list[float]:
    """What a run logged under this key, in order."""
    return [entry[key] for entry in trainer.state.log_history if key in entry]


class Gradients(TrainerCallback):
    """Keeps, for each step, the gradients that the optimiser is about to use."""

    def __init__(self) -> None:
        self.steps: list[dict[str, torch.Tensor]] = []

    def on_pre_optimizer_step(self, _args: Any, _state: Any, _control: Any, **parts: Any) -> None:
        named = parts["model"].named_parameters()
        self.steps.append({name: p.grad.clone() for name, p in named if p.grad is not None})


def weights(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    """A copy of the weights."""
    return {name: value.detach().clone() for name, value in model.state_dict().items()}


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    """Whether they are equal, bit by bit."""
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)
