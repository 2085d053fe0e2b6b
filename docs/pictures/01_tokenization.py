"""Draws exercises/01_tokenization/pair.svg: a pair as one sequence with two segments, whole and cut to nine tokens.

python docs/pictures/01_tokenization.py
"""

from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot as plt
from matplotlib.patches import Rectangle

TARGET = Path(__file__).parent.parent.parent / "exercises" / "01_tokenization" / "pair.svg"
FIRST = ["[CLS]", "sales", "fell", ".", "[SEP]"]
SECOND = ["sales", "dropped", "on", "monday", ".", "[SEP]"]
WHOLE = [(token, 0) for token in FIRST] + [(token, 1) for token in SECOND]
CUT = ("monday", ".")
"""What is taken off the second sentence, when nine tokens may stay."""

COLOURS = ("#9ecae1", "#fdd0a2")
SPECIAL = ("#4c78a8", "#d9822b")
DARK, RED, PAPER = "#222222", "#c23b22", "#ffffff"


def is_special(token: str) -> bool:
    """Whether a token is one that the tokenizer adds."""
    return token.startswith("[")


def is_cut(position: int) -> bool:
    """Whether the token at this position of the whole sequence is taken off."""
    return len(WHOLE) - 1 - len(CUT) <= position < len(WHOLE) - 1


def row(ax: plt.Axes, y: float, title: str, *, cut: bool) -> None:
    """Draw the sequence; with `cut`, the tokens that go are empty boxes with a cross."""
    ax.text(-0.2, y + 0.4, title, ha="right", va="center", fontsize=11, fontweight="bold", color=DARK)
    for x, (token, segment) in enumerate(WHOLE):
        gone = cut and is_cut(x)
        colour = (SPECIAL if is_special(token) else COLOURS)[segment]
        box = Rectangle(
            (x + 0.04, y),
            0.92,
            0.8,
            facecolor=PAPER if gone else colour,
            edgecolor=RED if gone else colour,
            linestyle="--" if gone else "-",
            linewidth=1.2,
        )
        ax.add_patch(box)
        ink = PAPER if is_special(token) else RED if gone else DARK
        ax.text(x + 0.5, y + 0.4, token, ha="center", va="center", fontsize=10, color=ink)
        if gone:
            ax.plot([x + 0.12, x + 0.88], [y + 0.12, y + 0.68], color=RED, linewidth=1.2)


def types(ax: plt.Axes, y: float) -> None:
    """Write the segments under the whole sequence."""
    ax.text(-0.2, y, "token_type_ids", ha="right", va="center", fontsize=10, color=DARK)
    for x, (_, segment) in enumerate(WHOLE):
        ax.text(x + 0.5, y, str(segment), ha="center", va="center", fontsize=10, color=DARK)


def main() -> None:
    """Draw and write it."""
    mpl.rcParams.update({"svg.hashsalt": "01_tokenization", "svg.fonttype": "none", "font.family": "sans-serif"})
    figure, ax = plt.subplots(figsize=(9.4, 2.6), facecolor=PAPER, layout="constrained")
    middles = (len(FIRST) / 2, len(FIRST) + len(SECOND) / 2)
    for name, middle, colour in zip(("segment 0: sentence1", "segment 1: sentence2"), middles, SPECIAL, strict=True):
        ax.text(middle, 3.25, name, ha="center", va="center", fontsize=11, color=colour, fontweight="bold")
    row(ax, 2.1, "11 tokens", cut=False)
    types(ax, 1.8)
    row(ax, 0.5, "cut to 9", cut=True)
    ax.text(9, 0.2, "from the sentence that has more left", ha="center", va="center", fontsize=10, color=RED)
    ax.set_xlim(-1.9, len(WHOLE) + 0.1)
    ax.set_ylim(0, 3.5)
    ax.axis("off")
    figure.savefig(TARGET, metadata={"Date": None}, facecolor=PAPER)


if __name__ == "__main__":
    main()
