"""How soon real MRPC is learnt: the lesson's recipe as written, against what the lesson's advanced features give.

    python benchmarks/mrpc.py --checkpoint NAME_OR_DIR --data hub|DIR [--device cuda|cpu] [--seeds N] [--out FOLDER]

All recipes train side by side in one run, in turn for each seed. What counts is the time until F1 on the validation
pairs reaches what the lesson's recipe has at its end, on the mean of the seeds; evaluations are not part of the time.
Besides: the whole training's time, real tokens a second, peak memory, and the share of the matrix rate that this device
reaches on a product of square matrices, in float32 or in the recipe's half precision. FOLDER gets mrpc.json and
mrpc.svg.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    PrinterCallback,
    Trainer,
    TrainerCallback,
    TrainingArguments,
    set_seed,
)

from pytest_trainer.full_run.preflight import data
from pytest_trainer.full_run.recording import TokenCounter
from pytest_trainer.lab.world import Real
from pytest_trainer.reference import metrics

FIRST_SEED = 42
LESSON = "the lesson: batch 8, float32"
GROUPED = (
    {"train_sampling_strategy": "group_by_length"}
    if "train_sampling_strategy" in TrainingArguments.__dataclass_fields__
    else {"group_by_length": True}
)
RECIPES: Mapping[str, Mapping[str, Any]] = {
    LESSON: {"per_device_train_batch_size": 8},
    "batch 8, fp16": {"per_device_train_batch_size": 8, "fp16": True},
    "batch 8 x 4 accumulated": {
        "per_device_train_batch_size": 8,
        "gradient_accumulation_steps": 4,
        "learning_rate": 1e-4,
    },
    "batch 32": {"per_device_train_batch_size": 32, "learning_rate": 1e-4},
    "batch 32, bf16": {"per_device_train_batch_size": 32, "learning_rate": 1e-4, "bf16": True},
    "batch 32, bf16, by length": {
        "per_device_train_batch_size": 32,
        "learning_rate": 1e-4,
        "bf16": True,
        **GROUPED,
    },
}
"""A batch four times as large gets a rate larger by the square root of that, as is usual for Adam."""

EPOCHS = 3
EVALUATIONS = 6
"""So many in a training, evenly."""

SIDE = 4096
PRODUCTS = 20


@dataclass(frozen=True)
class Trained:
    """One training: (seconds, F1, accuracy) at each evaluation, seconds of the evaluations not counted.

    `tokens` are real ones; `positions` count the padding too.
    """

    recipe: str
    seed: int
    curve: tuple[tuple[float, float, float], ...]
    seconds: float
    tokens: int
    positions: int
    peak_memory: int | None
    flops: float

    @property
    def f1(self) -> float:
        """At the end."""
        return self.curve[-1][1]

    def until(self, f1: float) -> float | None:
        """The seconds until F1 was as large; None where it never was."""
        return next((seconds for seconds, reached, _ in self.curve if reached >= f1), None)


class Stopwatch(TrainerCallback):
    """Counts the seconds of a training, and stands still while it evaluates."""

    def __init__(self, device: str) -> None:
        self.device, self.counted, self.since = device, 0.0, 0.0
        self.curve: list[tuple[float, float, float]] = []

    def _now(self) -> float:
        if self.device == "cuda":
            torch.cuda.synchronize()
        return time.perf_counter()

    def on_train_begin(self, *_: Any, **__: Any) -> None:
        """Start."""
        self.since = self._now()

    def stop(self) -> None:
        """Stand still."""
        self.counted += self._now() - self.since

    def on_evaluate(self, *_: Any, **words: Any) -> None:
        """Note what was reached, and go on."""
        told = words["metrics"]
        self.curve.append((self.counted, told["eval_f1"], told["eval_accuracy"]))
        self.since = self._now()


class Timed(Trainer):
    """A Trainer whose stopwatch stands still while it evaluates."""

    stopwatch: Stopwatch

    def evaluate(self, *args: Any, **words: Any) -> dict[str, float]:
        """As the Trainer's."""
        self.stopwatch.stop()
        return super().evaluate(*args, **words)


class Positions:
    """Counts the positions that a model trains on, padding too."""

    seen = 0

    def __call__(self, model: Any, _args: Any, inputs: Mapping[str, Any]) -> None:
        """A hook before the model's forward."""
        if model.training:
            self.seen += inputs["input_ids"].numel()


def compute_metrics(predictions: Any) -> dict[str, float]:
    """Accuracy and F1."""
    logits, labels = predictions
    return {"accuracy": metrics.accuracy(logits, labels), "f1": metrics.f1(logits, labels)}


def train(checkpoint: str, splits: Any, device: str, recipe: str, seed: int, max_steps: int = -1) -> Trained:
    """One training by a recipe."""
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    set_seed(seed)
    model = AutoModelForSequenceClassification.from_pretrained(checkpoint, num_labels=2).float()
    body = sum(weight.numel() for name, weight in model.named_parameters() if "embeddings" not in name)
    counter, positions = TokenCounter(), Positions()
    stopwatch = Stopwatch(device)
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "learning_rate": 5e-5,
            "num_train_epochs": EPOCHS,
            "max_steps": max_steps,
            "per_device_eval_batch_size": 128,
            "eval_strategy": "steps",
            "eval_steps": 1 / EVALUATIONS,
            "logging_strategy": "no",
            "save_strategy": "no",
            "report_to": "none",
            "disable_tqdm": True,
            "seed": seed,
            "use_cpu": device == "cpu",
            **RECIPES[recipe],
        }
        trainer = Timed(
            model,
            TrainingArguments(folder, **settings),
            train_dataset=splits["train"],
            eval_dataset=splits["validation"],
            processing_class=tokenizer,
            compute_metrics=compute_metrics,
            callbacks=[stopwatch],
        )
        trainer.stopwatch = stopwatch
        trainer.remove_callback(PrinterCallback)
        counter.attach(model)
        model.register_forward_pre_hook(positions, with_kwargs=True)
        if device == "cuda":
            torch.cuda.reset_peak_memory_stats()
        trainer.train()
    return Trained(
        recipe=recipe,
        seed=seed,
        curve=tuple(stopwatch.curve),
        seconds=stopwatch.curve[-1][0],
        tokens=counter.seen(),
        positions=positions.seen,
        peak_memory=torch.cuda.max_memory_allocated() if device == "cuda" else None,
        flops=6.0
        * body
        * positions.seen,  # two for each weight forward, four backward; attention itself is not counted
    )


def matrix_rate(device: str, half: bool) -> float:
    """Operations a second of a product of two square matrices of random numbers on this device."""
    dtype = torch.bfloat16 if half else torch.float32
    side, products = (SIDE, PRODUCTS) if device == "cuda" else (SIDE // 4, 2)
    one, other = (torch.randn(side, side, device=device, dtype=dtype) for _ in range(2))
    one @ other
    if device == "cuda":
        torch.cuda.synchronize()
    start = time.perf_counter()
    for _ in range(products):
        one @ other
    if device == "cuda":
        torch.cuda.synchronize()
    return 2.0 * side**3 * products / (time.perf_counter() - start)


def is_half(recipe: str) -> bool:
    """Whether it calculates in 16 bits."""
    return bool({"fp16", "bf16"} & set(RECIPES[recipe]))


def summary(runs: list[Trained], rates: Mapping[bool, float]) -> list[dict[str, Any]]:
    """A row for each recipe, means over its seeds."""
    by_recipe = {name: [run for run in runs if run.recipe == name] for name in RECIPES}
    target = statistics.fmean(run.f1 for run in by_recipe[LESSON])
    rows = []
    for name, some in by_recipe.items():
        if not some:
            continue
        until = [run.until(target) for run in some]
        reached = [seconds for seconds in until if seconds is not None]
        seconds = statistics.fmean(run.seconds for run in some)
        memory = [run.peak_memory for run in some if run.peak_memory is not None]
        rate = statistics.fmean(run.flops / run.seconds for run in some)
        rows.append(
            {
                "recipe": name,
                "seeds": len(some),
                "f1": statistics.fmean(run.f1 for run in some),
                "seconds": seconds,
                "reached": len(reached),
                "seconds_to_target": statistics.fmean(reached) if reached else None,
                "tokens_per_second": statistics.fmean(run.tokens / run.seconds for run in some),
                "padding": 1 - sum(run.tokens for run in some) / sum(run.positions for run in some),
                "peak_memory": max(memory) if memory else None,
                "share_of_matrix_rate": rate / rates[is_half(name)],
            }
        )
    return rows


def table(rows: list[dict[str, Any]]) -> list[str]:
    """The rows as lines of 80 columns."""
    head = f"{'':<30}{'F1':>6}{'all s':>7}{'to F1 s':>8}{'tokens/s':>9}{'padding':>8}{'MiB':>6}{'rate':>6}"
    return [head, *map(_line, rows)]


def _line(row: Mapping[str, Any]) -> str:
    everywhere = row["reached"] == row["seeds"]
    until = f"{row['seconds_to_target']:.1f}" if everywhere else f"{row['reached']} of {row['seeds']}"
    memory = "" if row["peak_memory"] is None else f"{row['peak_memory'] / 2**20:.0f}"
    return (
        f"{row['recipe']:<30}{row['f1']:>6.3f}{row['seconds']:>7.1f}{until:>8}{row['tokens_per_second']:>9,.0f}"
        f"{row['padding']:>8.0%}{memory:>6}{row['share_of_matrix_rate']:>6.1%}"
    )


def picture(runs: list[Trained], target: float, file: Path) -> None:
    """F1 over seconds for each recipe, a line for each seed, and the lesson's F1 across."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    styles = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)))
    for number, name in enumerate(RECIPES):
        for i, run in enumerate(run for run in runs if run.recipe == name):
            seconds, f1, _ = zip(*run.curve, strict=True)
            label = name if i == 0 else None
            axes.plot(seconds, f1, color=f"C{number}", linestyle=styles[number % len(styles)], label=label, marker=".")
    axes.axhline(target, color="0.4", linewidth=1)
    axes.annotate("the lesson's recipe at its end", (0, target), xytext=(4, 4), textcoords="offset points", color="0.3")
    axes.set(xlabel="seconds of training, evaluations not counted", ylabel="F1 on the validation pairs")
    axes.set_xscale("symlog", linthresh=1)
    axes.legend(fontsize="small")
    figure.savefig(file)


def keep(runs: list[Trained], rates: Mapping[bool, float], told: Mapping[str, str], folder: Path) -> None:
    """Write what was measured so far."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = summary(runs, rates)
    everything = {**told, "rows": rows, "runs": [asdict(run) for run in runs]}
    (folder / "mrpc.json").write_text(json.dumps(everything, indent=1) + "\n", encoding="utf-8")
    picture(runs, rows[0]["f1"], folder / "mrpc.svg")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", default="bert-base-uncased")
    parser.add_argument("--data", default="hub")
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--max-steps", type=int, default=-1, help="fewer steps, to try the command")
    parser.add_argument("--recipes", type=int, nargs="+", default=list(range(len(RECIPES))), help="by number, from 0")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    tokenizer = AutoTokenizer.from_pretrained(given.checkpoint)
    splits = data(Real(given.checkpoint, given.data, given.device)).map(
        lambda rows: tokenizer(rows["sentence1"], rows["sentence2"], truncation=True), batched=True
    )
    name = torch.cuda.get_device_name() if given.device == "cuda" else "CPU"
    rates = {half: matrix_rate(given.device, half) for half in (False, True)}
    print(f"{name}, torch {torch.__version__}, transformers {transformers.__version__}, {given.checkpoint}")
    print(f"matrix rate: float32 {rates[False] / 1e12:.3g}, bfloat16 {rates[True] / 1e12:.3g} TFLOP/s", flush=True)
    recipes = [name for number, name in enumerate(RECIPES) if number in {0, *given.recipes}]
    for recipe in recipes:  # a device's first steps in a precision take seconds of their own
        train(given.checkpoint, splits, given.device, recipe, FIRST_SEED, max_steps=EVALUATIONS)
    told = {"device": name, "torch": torch.__version__, "transformers": transformers.__version__}
    told["checkpoint"] = Path(given.checkpoint).name
    runs: list[Trained] = []
    for seed in range(FIRST_SEED, FIRST_SEED + given.seeds):
        for recipe in recipes:
            runs.append(train(given.checkpoint, splits, given.device, recipe, seed, given.max_steps))
            print(f"seed {seed}  {recipe:<27} F1 {runs[-1].f1:.4f}  {runs[-1].seconds:6.1f} s", flush=True)
            if given.out:
                keep(runs, rates, told, given.out)
    print("", *table(summary(runs, rates)), sep="\n")


if __name__ == "__main__":
    main()
