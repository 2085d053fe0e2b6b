"""Fine-tunes the shipped checkpoint on the synthetic paraphrases and prints how well and how fast.

    python benchmarks/finetuning.py [--seeds N] [--threads N]

Each seed has its own data, its own classification head and its own order of training. Offline, on the CPU.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version

os.environ["HF_HUB_OFFLINE"] = "1"

import datasets
import torch
import transformers
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
    Trainer,
    TrainingArguments,
    set_seed,
)

from pytest_trainer.lab.paraphrases import ROWS, dataset_dict
from pytest_trainer.lab.pretraining import CHECKPOINT
from pytest_trainer.lab.recipes import GRADED_ROWS

MARGIN = 0.22  # that of exercise 05's check
FIRST_SEED = 42  # of the training, as exercise 05 has it


@dataclass(frozen=True)
class Recipe:
    """How to fine-tune, and for how many seeds."""

    title: str
    rows: Mapping[str, int]
    learning_rate: float
    epochs: int
    batch_size: int
    seeds: int

    def __str__(self) -> str:
        rate = f"{self.learning_rate:.0e}".replace("e-0", "e-")
        return f"{self.title}: {self.rows['train']} rows, {rate}, {self.epochs} epochs, batch {self.batch_size}"


@dataclass(frozen=True)
class Run:
    """One seed's accuracies, and the time that training took: on the clock, and of the processor."""

    seed: int
    baseline: float
    before: float
    validation: float
    test: float
    seconds: float
    cpu_seconds: float


# The test split is drawn last, so train and validation are those that exercise 05 is graded with.
AS_GRADED = {**GRADED_ROWS, "test": ROWS["test"]}
RECIPES = (
    Recipe("grading recipe", rows=AS_GRADED, learning_rate=1e-3, epochs=2, batch_size=16, seeds=30),
    Recipe("course page's defaults", rows=ROWS, learning_rate=5e-5, epochs=3, batch_size=8, seeds=10),
)


def accuracy(eval_preds: transformers.EvalPrediction) -> dict[str, float]:
    return {"accuracy": float((eval_preds.predictions.argmax(-1) == eval_preds.label_ids).mean())}


def majority_share(labels: list[int]) -> float:
    return max(labels.count(0), labels.count(1)) / len(labels)


def tokenized(recipe: Recipe, seed: int, tokenizer: transformers.PreTrainedTokenizerBase) -> datasets.DatasetDict:
    raw = dataset_dict(seed, recipe.rows)
    return raw.map(lambda rows: tokenizer(rows["sentence1"], rows["sentence2"], truncation=True), batched=True)


def trainer_for(recipe: Recipe, seed: int, output_dir: str) -> Trainer:
    tokenizer = AutoTokenizer.from_pretrained(CHECKPOINT)
    data = tokenized(recipe, seed, tokenizer)
    set_seed(FIRST_SEED + seed)
    trainer = Trainer(
        model=AutoModelForSequenceClassification.from_pretrained(CHECKPOINT, num_labels=2),
        args=TrainingArguments(
            output_dir,
            learning_rate=recipe.learning_rate,
            num_train_epochs=recipe.epochs,
            per_device_train_batch_size=recipe.batch_size,
            per_device_eval_batch_size=64,
            seed=FIRST_SEED + seed,
            save_strategy="no",
            report_to="none",
            disable_tqdm=True,
            use_cpu=True,
        ),
        train_dataset=data["train"],
        eval_dataset=data,
        data_collator=DataCollatorWithPadding(tokenizer),
        processing_class=tokenizer,
        compute_metrics=accuracy,
    )
    trainer.remove_callback(transformers.PrinterCallback)
    return trainer


def finetune(recipe: Recipe, seed: int) -> Run:
    with tempfile.TemporaryDirectory() as output_dir:
        trainer = trainer_for(recipe, seed, output_dir)

        def evaluate(split: str) -> float:
            return trainer.evaluate(trainer.eval_dataset[split])["eval_accuracy"]

        before = evaluate("validation")
        start = time.perf_counter(), time.process_time()
        trainer.train()
        seconds, cpu_seconds = time.perf_counter() - start[0], time.process_time() - start[1]
        baseline = majority_share(list(trainer.eval_dataset["validation"]["label"]))
        validation, test = evaluate("validation"), evaluate("test")
        return Run(seed, baseline, before, validation, test, seconds, cpu_seconds)


def summary(runs: list[Run]) -> list[str]:
    def line(title: str, field: str, digits: int, worst: Callable[..., float], best: Callable[..., float]) -> str:
        values = [getattr(run, field) for run in runs]
        figures = (worst(values), statistics.median(values), best(values))
        return f"{title:22}" + "".join(f"{figure:8.{digits}f}" for figure in figures)

    return [
        f"{'':22}{'worst':>8}{'median':>8}{'best':>8}",
        line("fresh head", "before", 3, min, max),
        line("trained, validation", "validation", 3, min, max),
        line("trained, test", "test", 3, min, max),
        line("training, s", "seconds", 2, max, min),
        line("training, CPU s", "cpu_seconds", 2, max, min),
    ]


def verdict(runs: list[Run]) -> list[str]:
    gains = [run.validation - run.baseline for run in runs]
    worst = min(runs, key=lambda run: run.validation - run.baseline)
    luckiest = max(run.before - run.baseline for run in runs)
    well_beaten = sum(gain >= MARGIN for gain in gains)
    return [
        f"majority {worst.baseline:.3f}; beaten by {MARGIN:.2f} or more by {well_beaten} of {len(runs)} seeds",
        f"worst trained: {min(gains):.3f} above it (seed {worst.seed}); best fresh head: {luckiest:.3f} above it",
    ]


def report(recipe: Recipe, seeds: int) -> None:
    print(f"\n{recipe}, {seeds} seeds", flush=True)
    runs = [finetune(recipe, seed) for seed in range(seeds)]
    print(f"{'seed':>6}{'fresh head':>12}{'validation':>12}{'test':>8}{'seconds':>9}{'CPU s':>9}")
    for run in runs:
        accuracies = f"{run.before:12.3f}{run.validation:12.3f}{run.test:8.3f}"
        print(f"{run.seed:6}{accuracies}{run.seconds:9.2f}{run.cpu_seconds:9.2f}")
    print(*summary(runs), *verdict(runs), sep="\n", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, help="for each recipe (default: 30 and 10)")
    parser.add_argument("--threads", type=int, default=1, help="of torch (default: 1)")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    datasets.disable_progress_bars()
    libraries = ", ".join(f"{name} {version(name)}" for name in ("torch", "transformers", "datasets", "accelerate"))
    print(f"{libraries}; threads: {options.threads}")
    for recipe in RECIPES:
        report(recipe, options.seeds or recipe.seeds)


if __name__ == "__main__":
    main()
