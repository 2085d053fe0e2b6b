"""Measures gradient accumulation in the installed transformers, and draws the table and the picture of accumulation.md.

    python docs/accumulation.py measure     this version's row of accumulation.json, some minutes
    python docs/accumulation.py write       the table and the picture, from accumulation.json

Another version is measured by installing it, with huggingface_hub and tokenizers of its time, and measuring again.
"""

import gc
import json
import os
import runpy
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent
FACTS, PAGE, PICTURE = DOCS / "accumulation.json", DOCS / "accumulation.md", DOCS / "accumulation.svg"
SOLUTION = DOCS.parent / "solutions/06_accumulation/accumulation.py"
TESTS = DOCS.parent / "tests"
BEGIN, END = "<!-- begin: versions -->\n", "<!-- end: versions -->\n"
UNEVEN = {"accumulation_steps": 4, "rows_per_micro_batch": 5}
"""16 pairs as 5 + 5 + 5 + 1."""

WAYS = ("by itself", "accepts_loss_kwargs = False", "mean_loss")
WRONG, RIGHT = "#c0392b", "#1f6f8b"


# -- measuring --------------------------------------------------------------------------------------------------------


def measure() -> None:
    """Measure the installed version, and put it into accumulation.json."""
    import torch
    import transformers

    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    gc.freeze()
    facts = json.loads(FACTS.read_text(encoding="utf-8")) if FACTS.exists() else {}
    facts[transformers.__version__] = {"torch": torch.__version__.partition("+")[0], **one_process(), **two_processes()}
    ordered = dict(sorted(facts.items(), key=lambda item: [int(part) for part in item[0].split(".")]))
    FACTS.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")


def one_process() -> dict[str, Any]:
    """By way: factor of the gradient and logged loss for each k, and the relative error for uneven micro-batches."""
    from pytest_trainer.lab.accumulation import STEPS, full_batch, trainer_step

    full, loss = full_batch()
    mean_loss = runpy.run_path(str(SOLUTION))["mean_loss"]
    told: list[Any] = []

    def watched(outputs: Any, labels: Any, num_items_in_batch: Any = None) -> Any:
        told.append(num_items_in_batch)
        return mean_loss(outputs, labels, num_items_in_batch)

    settings = {"by itself": {}, WAYS[1]: {"accepts_loss_kwargs": False}, "mean_loss": {"compute_loss_func": watched}}
    found: dict[str, Any] = {"loss": round(loss, 4)}
    for way in WAYS:
        steps = [trainer_step(k, **settings[way]) for k in STEPS]
        uneven = trainer_step(**UNEVEN, **settings[way]).gradient
        found[way] = {
            "gradient": [round(float(step.gradient @ full / (full @ full)), 4) for step in steps],
            "logged": [round(step.logged_loss, 4) for step in steps],
            "uneven error": float(f"{float((uneven - full).norm() / full.norm()):.2g}"),
        }
    item = told[0]
    return {**found, "num_items_in_batch": str(getattr(item, "dtype", type(item).__name__)).removeprefix("torch.")}


def two_processes() -> dict[str, Any]:
    """By way: the factor of the gradient on two processes, without accumulation and with two steps of it."""
    import numpy as np

    from pytest_trainer.lab.recipes import Classifier
    from pytest_trainer.reference.accumulation import differentiate, tokenized_rows

    with tempfile.TemporaryDirectory() as folder:
        out = f"{folder}/gradients.npz"
        run = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2"]
        paths = os.pathsep.join(filter(None, (str(TESTS), os.environ.get("PYTHONPATH"))))
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": paths}
        subprocess.run([*run, "-m", "lab.processes", "0", out], check=True, env=environment)
        arrays = dict(np.load(out))
    truth = differentiate(Classifier(0).make(), tokenized_rows(0)).take(range(8)).gradient
    return {
        "two processes": {
            loss: {
                split: round(float(arrays[f"16 rows, {split}, {loss}"][0] @ truth / (truth @ truth)), 4)
                for split in ("4 x 1", "2 x 2")
            }
            for loss in ("by itself", "mean_loss")
        }
    }


# -- writing ----------------------------------------------------------------------------------------------------------


def tables(facts: dict[str, Any]) -> str:
    """The tables of accumulation.md: what the Trainer does by itself, and what repairs it."""
    [loss] = {fact["loss"] for fact in facts.values()}
    by_itself = [
        "| transformers | gradient | logged loss | error, uneven | two processes | two processes, k = 2 |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    head = "| transformers | `accepts_loss_kwargs = False` | error, uneven | `mean_loss` | error, uneven "
    repaired = [
        head + "| two processes | two processes, k = 2 | `num_items_in_batch` |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for version, fact in facts.items():
        gradient = {way: f"{fact[way]['gradient'][2]:.4f}" for way in WAYS}
        error = {way: f"{fact[way]['uneven error']:.2g}" for way in WAYS}
        alone, switched, mean_loss = WAYS
        shared = {
            way: [f"{factor:.4f}" for factor in fact["two processes"][way].values()] for way in (alone, mean_loss)
        }
        logged = f"{fact[alone]['logged'][2]:.4f}"
        by_itself.append(_row(version, gradient[alone], logged, error[alone], *shared[alone]))
        others = (gradient[switched], error[switched], gradient[mean_loss], error[mean_loss])
        repaired.append(_row(version, *others, *shared[mean_loss], fact["num_items_in_batch"]))
    first = f"The Trainer by itself (the pairs' mean loss is {loss:.4f}):\n"
    return "\n".join([first, *by_itself, "", "What repairs it, and the gradient with it:\n", *repaired]) + "\n"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def with_tables(page: str, facts: dict[str, Any]) -> str:
    """The page with the tables of these facts between its marks."""
    before, rest = page.split(BEGIN)
    return before + BEGIN + "\n" + tables(facts) + "\n" + END + rest.split(END)[1]


def groups(facts: dict[str, Any], way: str, key: str) -> dict[str, list[float]]:
    """The measured lines over k, each under the versions that have it."""
    lines: dict[tuple[float, ...], list[str]] = {}
    for version, fact in facts.items():
        lines.setdefault(tuple(fact[way][key]), []).append(version)
    return {", ".join(versions): list(line) for line, versions in lines.items()}


def draw(facts: dict[str, Any]) -> None:
    """Draw the logged loss over k, by itself and with mean_loss, version by version."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    from pytest_trainer.lab.accumulation import STEPS

    mpl.rcParams.update({"svg.hashsalt": "accumulation", "svg.fonttype": "none", "font.family": "sans-serif"})
    figure, axes = plt.subplots(2, 2, figsize=(9, 6.4), facecolor="white", layout="constrained", sharex=True)
    [true_loss] = {fact["loss"] for fact in facts.values()}
    for column, way in zip(axes.T, ("by itself", "mean_loss"), strict=True):
        for panel, key, truth in zip(column, ("gradient", "logged"), (1.0, true_loss), strict=True):
            panel.axhline(truth, color="#999999", linewidth=1, linestyle=":")
            for versions, line in groups(facts, way, key).items():
                right = max(line) - truth < 0.01
                panel.plot(STEPS, line, "s--" if right else "o-", color=RIGHT if right else WRONG, label=versions)
            panel.set(xticks=STEPS, ylim=(0, 8.6 * truth))
            panel.legend(loc="upper left", frameon=False, fontsize=8, title="transformers", title_fontsize=8)
            panel.spines[["top", "right"]].set_visible(False)
        column[0].set_title("the Trainer by itself" if way == "by itself" else "with mean_loss")
        column[1].set_xlabel("k = gradient_accumulation_steps")
    axes[0, 0].set_ylabel("gradient, times the full batch's")
    axes[1, 0].set_ylabel("loss in the log")
    figure.savefig(PICTURE, metadata={"Date": None, "Creator": None})


def write() -> None:
    """Write the table and the picture."""
    facts = json.loads(FACTS.read_text(encoding="utf-8"))
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8"), facts), encoding="utf-8")
    draw(facts)


if __name__ == "__main__":
    commands = {"measure": measure, "write": write}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        raise SystemExit(__doc__)
    commands[sys.argv[1]]()
