"""Draws exercises/07_schedule/curves.svg: both schedules with a warm-up, and the course's default, over the steps.

python docs/pictures/07_schedule.py
"""

from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot as plt

from pytest_trainer.reference.schedules import learning_rate

TARGET = Path(__file__).parent.parent.parent / "exercises" / "07_schedule" / "curves.svg"
BASE, WARMUP, TOTAL = 5e-5, 2, 10
LINEAR, COSINE, DEFAULT, DARK, PAPER = "#1f6f8b", "#c23b22", "#888888", "#222222", "#ffffff"


def main() -> None:
    """Draw and write it."""
    mpl.rcParams.update({"svg.hashsalt": "07_schedule", "svg.fonttype": "none", "font.family": "sans-serif"})
    figure, ax = plt.subplots(figsize=(8.4, 3.6), facecolor=PAPER, layout="constrained")
    steps = range(TOTAL + 1)
    ax.axvspan(0, WARMUP, color="#f2ead3", linewidth=0)
    ax.text(WARMUP / 2, 5.35, "warm-up", ha="center", fontsize=10, color=DARK)
    curves = (
        ("linear", WARMUP, "linear, warm-up 2", LINEAR, "o-"),
        ("cosine", WARMUP, "cosine, warm-up 2", COSINE, "s-"),
        ("linear", 0, "linear, no warm-up: the Trainer's default", DEFAULT, "."),
    )
    for kind, warmup, label, colour, style in curves:
        rates = [1e5 * learning_rate(step, BASE, warmup, TOTAL, kind) for step in steps]
        if kind == "cosine":
            # Between the steps too: half a wave begins flat and ends flat.
            fine = [WARMUP + i * (TOTAL - WARMUP) / 200 for i in range(201)]
            ax.plot(
                fine, [1e5 * learning_rate(x, BASE, warmup, TOTAL, kind) for x in fine], color=colour, linewidth=1.8
            )
            ax.plot(steps[: WARMUP + 1], rates[: WARMUP + 1], color=colour, linewidth=1.8)
            ax.plot(steps, rates, "s", color=colour, markersize=5)
            ax.plot([], [], style, color=colour, label=label)
        else:
            line = "--" if warmup == 0 else "-"
            ax.plot(steps, rates, style[0], linestyle=line, color=colour, linewidth=1.6, markersize=5, label=label)
    ax.set_xticks(steps)
    ax.set_xlabel("step", fontsize=10, color=DARK)
    ax.set_ylabel("learning rate, in 1e-5", fontsize=10, color=DARK)
    ax.set_ylim(-0.2, 5.8)
    ax.set_xlim(0, TOTAL + 0.1)
    ax.tick_params(labelsize=10, labelcolor=DARK)
    ax.grid(axis="y", color="#dddddd", linewidth=0.8)
    ax.set_axisbelow(True)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    ax.legend(frameon=False, fontsize=10, loc="upper right")
    figure.savefig(TARGET, metadata={"Date": None}, facecolor=PAPER)


if __name__ == "__main__":
    main()
