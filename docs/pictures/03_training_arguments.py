"""Draws exercises/03_training_arguments/effective_batch.svg: 32 pairs in three kinds of batches, and their updates.

python docs/pictures/03_training_arguments.py
"""

from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot as plt
from matplotlib.patches import Rectangle

TARGET = Path(__file__).parent.parent.parent / "exercises" / "03_training_arguments" / "effective_batch.svg"
PAIRS = 32
KINDS = (
    ("batch 8, the default", 8, 1),
    ("batch 16", 16, 1),
    ("batch 4, accumulated 4 times", 4, 4),
)
BLUE, LIGHT, DARK, RED, PAPER = "#4c78a8", "#9ecae1", "#222222", "#c23b22", "#ffffff"
GAP = 2.0  # between two kinds, in batches
WIDTH = 0.82  # of a batch


def draw(ax: plt.Axes, left: float, title: str, at_a_time: int, batches: int) -> float:
    """Draw one kind of batch from x = left on; return where it ends."""
    count = PAIRS // at_a_time
    for batch in range(count):
        colour = BLUE if batch // batches % 2 == 0 else LIGHT
        for pair in range(at_a_time):
            ax.add_patch(Rectangle((left + batch, pair), WIDTH, 0.82, facecolor=colour, linewidth=0))
        if (batch + 1) % batches == 0:
            x = left + batch + WIDTH + 0.09
            ax.plot([x, x], [-0.4, at_a_time + 0.3], color=RED, linewidth=1.8, solid_capstyle="butt")
            ax.plot([x], [-1.0], marker="^", color=RED, markersize=6)
    middle = left + count / 2
    updates = count // batches
    ax.text(middle, 18.4, title, ha="center", va="bottom", fontsize=11, fontweight="bold", color=DARK)
    each = f"{at_a_time * batches} pairs each"
    ax.text(middle, -2.0, f"{updates} updates, {each}", ha="center", va="top", fontsize=10, color=RED)
    return left + count


def main() -> None:
    """Draw and write it."""
    mpl.rcParams.update({"svg.hashsalt": "pytest-trainer", "svg.fonttype": "none", "font.family": "sans-serif"})
    figure, ax = plt.subplots(figsize=(9.0, 3.5))
    figure.patch.set_facecolor(PAPER)
    left = 0.0
    for title, at_a_time, batches in KINDS:
        # The second has two batches only, and needs room for its words.
        room = 1.6 if PAIRS // at_a_time < 4 else 0.6
        left = draw(ax, left + room, title, at_a_time, batches) + room + GAP
    ax.set_xlim(-0.2, left - GAP + 0.2)
    ax.set_ylim(-3.6, 20.6)
    ax.set_yticks([4, 8, 16])
    ax.tick_params(axis="y", length=0, labelsize=10, labelcolor=DARK)
    ax.set_ylabel("pairs in memory at once", fontsize=10, color=DARK)
    ax.set_xticks([])
    ax.grid(axis="y", color="#dddddd", linewidth=0.8, zorder=0)
    ax.set_axisbelow(True)
    for side in ax.spines.values():
        side.set_visible(False)
    ax.set_xlabel("time: 32 pairs, batch after batch", fontsize=10, color=DARK)
    figure.tight_layout()
    figure.savefig(TARGET, metadata={"Date": None}, facecolor=PAPER)


if __name__ == "__main__":
    main()
