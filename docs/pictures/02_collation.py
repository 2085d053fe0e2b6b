"""Draws exercises/02_collation/padding.svg: one batch as a grid, padded to its own longest pair and further.

python docs/pictures/02_collation.py

The pairs are made up; their lengths are those that the tokenizer of bert-base-uncased gives.
"""

from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot as plt
from matplotlib.patches import Rectangle

TARGET = Path(__file__).parent.parent.parent / "exercises" / "02_collation" / "padding.svg"
BATCH = (
    "[CLS] she won . [SEP] she lost . [SEP]",
    "[CLS] sales fell . [SEP] sales dropped on monday . [SEP]",
    "[CLS] it rained . [SEP] there was rain all day . [SEP]",
    "[CLS] the bank bought the firm . [SEP] the firm was bought . [SEP]",
)
LONGEST_OF_ALL = 40
"""As if some pair of the data set had so many tokens; in MRPC it is 103."""

OWN = ("#9ecae1", "#fdd0a2")
SPECIAL = ("#4c78a8", "#d9822b")
PADDING, EDGE, DARK, PAPER = "#ececec", "#bdbdbd", "#222222", "#ffffff"
WIDTH = 9.4
"""Of the picture, in inches; lengths below are in inches too."""


def grid(ax: plt.Axes, top: float, title: str, width: int, *, named: bool) -> None:
    """Draw the batch with rows of `width` positions, downwards from y = top; with `named`, each box holds its token."""
    tokens = [pair.split() for pair in BATCH]
    across = WIDTH / width
    down = 0.3 if named else across
    for y, row in enumerate(tokens):
        segment = 0
        for x in range(width):
            token = row[x] if x < len(row) else "[PAD]"
            inside, special = x < len(row), token.startswith("[")
            colour = (SPECIAL if special else OWN)[segment] if inside else PADDING
            left, bottom = x * across, top - (y + 1) * down
            box = Rectangle((left, bottom), across - 0.03, down - 0.03, facecolor=colour, edgecolor=EDGE, linewidth=0.4)
            ax.add_patch(box)
            if named:
                ink = PAPER if inside and special else DARK if inside else "#777777"
                middle = (left + (across - 0.03) / 2, bottom + (down - 0.03) / 2 - 0.01)
                ax.text(*middle, token, ha="center", va="center", fontsize=9, color=ink)
            if token == "[SEP]":
                segment = 1
    own, positions = sum(map(len, tokens)), width * len(tokens)
    words = f"{len(tokens)} x {width} = {positions} positions for {own} tokens: {positions / own:.1f} x"
    ax.text(0, top + 0.08, title, ha="left", va="bottom", fontsize=11, fontweight="bold", color=DARK)
    ax.text(WIDTH - 0.03, top + 0.08, words, ha="right", va="bottom", fontsize=10, color=DARK)


def main() -> None:
    """Draw and write it."""
    mpl.rcParams.update({"svg.hashsalt": "02_collation", "svg.fonttype": "none", "font.family": "sans-serif"})
    longest = max(len(pair.split()) for pair in BATCH)
    height = 3.1
    figure = plt.figure(figsize=(WIDTH + 0.2, height), facecolor=PAPER)
    ax = figure.add_axes((0, 0, 1, 1))
    grid(ax, 2.75, "padded to its own longest pair", longest, named=True)
    grid(ax, 1.1, "padded to the longest pair of the whole data set", LONGEST_OF_ALL, named=False)
    ax.set_xlim(-0.1, WIDTH + 0.1)
    ax.set_ylim(0, height)
    ax.axis("off")
    figure.savefig(TARGET, metadata={"Date": None}, facecolor=PAPER)


if __name__ == "__main__":
    main()
