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

from pytest_trainer.lab.paraphrases import dataset_dict
from pytest_trainer.lab.pretraining import CHECKPOINT

MARGIN = 0.15


@dataclass(frozen=True)
class Recipe:
    """How to fine-tune, and for how many seeds."""

    title: str
    rows: int
    learning_rate: float
    epochs: int
    batch_size: int
    seeds: int

    def __str__(self) -> str:
        rate = f"{self.learning_rate:.0e}".replace("e-0", "e-")
        return f"{self.title}: {self.rows} rows, {rate}, {self.epochs} epochs, batch {self.batch_size}"


@dataclass(frozen=True)
class Run:
    """One seed's accuracies and the time that training took."""

    seed: int
    baseline: float
    before: float
    validation: float
    test: float
    seconds: float


RECIPES = (
    Recipe("grading recipe", rows=256, learning_rate=1e-3, epochs=2, batch_size=16, seeds=30),
    Recipe("course page's defaults", rows=800, learning_rate=5e-5, epochs=3, batch_size=8, seeds=10),
)


def accuracy(eval_preds: transformers.EvalPrediction) -> dict[str, float]:
    return {"accuracy": float((eval_preds.predictions.argmax(-1) == eval_preds.label_ids).mean())}


def majority_share(labels: list[int]) -> float:
    return max(labels.count(0), labels.count(1)) / len(labels)


def tokenized(seed: int, tokenizer: transformers.PreTrainedTokenizerBase) -> datasets.DatasetDict:
    raw = dataset_dict(seed)
    return raw.map(lambda rows: tokenizer(rows["sentence1"], rows["sentence2"], truncation=True), batched=True)


def trainer_for(recipe: Recipe, seed: int, output_dir: str) -> Trainer:
    tokenizer = AutoTokenizer.from_pretrained(CHECKPOINT)
    data = tokenized(seed, tokenizer)
    set_seed(seed)
    trainer = Trainer(
        model=AutoModelForSequenceClassification.from_pretrained(CHECKPOINT, num_labels=2),
        args=TrainingArguments(
            output_dir,
            learning_rate=recipe.learning_rate,
            num_train_epochs=recipe.epochs,
            per_device_train_batch_size=recipe.batch_size,
            per_device_eval_batch_size=64,
            seed=seed,
            save_strategy="no",
            report_to="none",
            disable_tqdm=True,
            use_cpu=True,
        ),
        train_dataset=data["train"].select(range(recipe.rows)),
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
        start = time.perf_counter()
        trainer.train()
        seconds = time.perf_counter() - start
        baseline = majority_share(list(trainer.eval_dataset["validation"]["label"]))
        return Run(seed, baseline, before, evaluate("validation"), evaluate("test"), seconds)


def summary(runs: list[Run]) -> list[str]:
    lines = [f"{'':22}{'worst':>8}{'median':>8}{'best':>8}"]
    for name in ("before", "validation", "test"):
        values = [getattr(run, name) for run in runs]
        title = "fresh head" if name == "before" else f"trained, {name}"
        lines.append(f"{title:22}{min(values):8.3f}{statistics.median(values):8.3f}{max(values):8.3f}")
    seconds = [run.seconds for run in runs]
    lines.append(f"{'training, s':22}{max(seconds):8.2f}{statistics.median(seconds):8.2f}{min(seconds):8.2f}")
    return lines


def verdict(runs: list[Run]) -> str:
    gains = [run.validation - run.baseline for run in runs]
    worst = min(runs, key=lambda run: run.validation - run.baseline)
    return (
        f"majority {worst.baseline:.3f}; beaten by {sum(gain > 0 for gain in gains)} of {len(runs)} seeds, "
        f"by {MARGIN:.2f} or more by {sum(gain >= MARGIN for gain in gains)}; worst seed {worst.seed}"
    )


def report(recipe: Recipe, seeds: int) -> None:
    print(f"\n{recipe}, {seeds} seeds", flush=True)
    runs = [finetune(recipe, seed) for seed in range(seeds)]
    print(f"{'seed':>6}{'fresh head':>12}{'validation':>12}{'test':>8}{'seconds':>9}")
    for run in runs:
        print(f"{run.seed:6}{run.before:12.3f}{run.validation:12.3f}{run.test:8.3f}{run.seconds:9.2f}")
    print(*summary(runs), verdict(runs), sep="\n", flush=True)


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
