"""Draws exercises/06_accumulation/gradients.svg: gradient and logged loss over k, measured with the installed library.

python docs/pictures/06_accumulation.py
"""

import runpy
from pathlib import Path

import matplotlib as mpl
import torch
import transformers

mpl.use("svg")
from matplotlib import pyplot as plt

from pytest_trainer.lab.accumulation import STEPS, full_batch, trainer_step

ROOT = Path(__file__).parent.parent.parent
SOLUTION = ROOT / "solutions/06_accumulation/accumulation.py"
PICTURE = ROOT / "exercises/06_accumulation/gradients.svg"

BY_ITSELF, WITH_MEAN_LOSS, TRUTH = "#c0392b", "#1f6f8b", "#888888"


def measured() -> tuple[dict[str, list[float]], dict[str, list[float]], float]:
    """The gradients' lengths as multiples of the full batch's and the logged losses, for each k; and the true loss."""
    full, loss = full_batch()
    mean_loss = runpy.run_path(str(SOLUTION))["mean_loss"]
    gradients, losses = {}, {}
    for name, function in (("by itself", None), ("with mean_loss", mean_loss)):
        steps = [trainer_step(k, function) for k in STEPS]
        gradients[name] = [float(step.gradient.norm() / full.norm()) for step in steps]
        losses[name] = [step.logged_loss for step in steps]
    return gradients, losses, loss


def draw() -> None:
    """Measure and draw."""
    gradients, losses, loss = measured()
    mpl.rcParams.update({"svg.hashsalt": "06_accumulation", "svg.fonttype": "none", "font.family": "sans-serif"})
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), facecolor="white", layout="constrained")
    for axes, values, title, truth in (
        (left, gradients, "gradient, as a multiple of the full batch's", 1.0),
        (right, losses, "loss in the log", loss),
    ):
        axes.axhline(truth, color=TRUTH, linewidth=1, linestyle=":")
        lines = zip(values.items(), (BY_ITSELF, WITH_MEAN_LOSS), ("o-", "s--"), strict=True)
        for (name, line), colour, style in lines:
            axes.plot(STEPS, line, style, color=colour, label=f"the Trainer {name}")
            above = name == "by itself"
            for k, value in list(zip(STEPS, line, strict=True))[1:]:
                offset = (-4, 6) if above else (0, -13)
                axes.annotate(
                    f"{value:.2f}",
                    (k, value),
                    offset,
                    textcoords="offset points",
                    ha="right" if above else "center",
                    color=colour,
                    fontsize=9,
                )
        axes.set(title=title, xticks=STEPS, xlabel="k = gradient_accumulation_steps")
        axes.set_ylim(min(0.0, truth - 0.14 * max(values["by itself"])), 1.12 * max(values["by itself"]))
        axes.spines[["top", "right"]].set_visible(False)
    left.legend(loc="upper left", frameon=False)
    figure.suptitle(f"One batch of 16 pairs in k micro-batches, transformers {transformers.__version__}", fontsize=11)
    figure.savefig(PICTURE, metadata={"Date": None, "Creator": None})


def main() -> None:
    """Draw the picture."""
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    draw()


if __name__ == "__main__":
    main()
