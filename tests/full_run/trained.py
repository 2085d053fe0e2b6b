"""Runs that could have been: events as a training writes them, logits as a model gives them."""

import json
import math
import random
from typing import Any

import numpy as np

from pytest_trainer.full_run.events import Event, parse_events
from pytest_trainer.full_run.report import Device, Report, Run, Scores, Threshold, seed_run

STEPS, EPOCH = 690, 230
LABELS = np.array([0, 0, 0, 1, 1, 1, 1, 1])
LOGITS = np.array([[2, 1], [0, 3], [1, 2], [0, 4], [0, 1], [5, 0], [0, 2], [1, 3]], dtype=np.float32)
"""Two of three zeros are taken for ones, and one of five ones for a zero; that one with the largest margin."""
PAIRS = [{"sentence1": f"This is number {i} .", "sentence2": f"Number {i} this is ."} for i in range(8)]


def events(seed: int = 42, steps: int = STEPS, resumed_at: int | None = None) -> list[Event]:
    """Those of a training of 690 steps that was ended after `steps`, and may have been resumed."""
    return parse_events("\n".join(map(json.dumps, _events(random.Random(seed), steps, resumed_at))).encode())


def _events(rng: random.Random, steps: int, resumed_at: int | None) -> Any:
    start = {"event": "start", "max_steps": STEPS, "epochs": 3, "rows": 3668, "batch_size": 16, "device": "cuda"}
    yield {**start, "step": 0, "seconds": 0.0}
    for step in range(10, steps + 1, 10):
        rate, loss = 5e-5 * (1 - step / STEPS), 0.3 + 0.3 * math.exp(-step / 250) + rng.gauss(0, 0.02)
        at = {"step": step, "epoch": step / EPOCH, "seconds": step / 40}
        yield {"event": "log", **at, "loss": loss, "learning_rate": rate, "grad_norm": 1.0, "tokens": 824 * step}
        if step % EPOCH == 0:
            accuracy = 0.7 + step / 6000 + rng.gauss(0, 0.01)
            yield {"event": "evaluation", **at, "eval_loss": 0.5, "eval_accuracy": accuracy, "eval_f1": accuracy + 0.07}
        if step == resumed_at:
            yield {**start, "step": step, "seconds": step / 40}
    if steps == STEPS:
        yield {"event": "end", "step": STEPS, "seconds": 20.0, "tokens": 569000, "peak_memory": 719323136}


def run(seed: int = 42, **about: Any) -> Run:
    """A run with the logits above."""
    return seed_run(seed, events(seed, **about), LOGITS, LABELS, PAIRS)


def report(*runs: Run, **about: Any) -> Report:
    """A report of these runs, of one where none is given; `about` replaces other fields."""
    fields: dict[str, Any] = {
        "name": "all-MiniLM-L6-v2-seed-0",
        "exercise": "05_training_run",
        "submission": "solutions",
        "checkpoint": "all-MiniLM-L6-v2",
        "data": "hub",
        "seed": 0,
        "device": Device("cuda", "NVIDIA H100 80GB HBM3"),
        "versions": {"python": "3.11.7", "transformers": "5.24.0"},
        "arguments": {"learning_rate": 5e-05, "fp16": True},
        "threshold": Threshold(0.6, 0.7, "Because it is so."),
        "baseline": Scores(0.6838, 0.8122),
        "course": Scores(0.8578, 0.8997),
        "runs": runs or (run(),),
    }
    return Report(**fields | about)
