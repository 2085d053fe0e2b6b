"""The curves of a full run: losses, learning rate, accuracy and F1 over the steps, drawn as PNG.

Lines differ by dashes and marks as well as by colour, so that they can be told apart in black and white.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_trainer.full_run.events import Event, number
from pytest_trainer.full_run.report import Report, Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Points: TypeAlias = Mapping[float, float]
"""Values by step; nan where a value was recorded that is no number."""

LARGEST = 1e30
"""Beyond it a value is drawn as a gap: no loss of a training that still works is as large, and no axis holds it."""
LABEL_GAP = 0.09
"""The height of a line of text, as a share of the panel's height."""
TEXT, MARK = 9.5, 5.0
"""Sizes in points."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours: of the text, of what is secondary, of the grid, of the page, and of the two kinds of line."""

    ink: str
    muted: str
    grid: str
    paper: str
    first: str
    second: str


LIGHT = Palette("#1b1f24", "#59636e", "#e4e7ea", "#ffffff", "#0b62a8", "#c8500a")
DARK = Palette("#e6e9ec", "#9aa4ae", "#30363d", "#16191d", "#6cb6ff", "#ff9d57")


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of line: the key of its values, its name in the legend, and how it looks."""

    key: str
    name: str
    colour: str
    dashes: str = "-"
    mark: str = ""


def curves_png(report: Report, palette: Palette = LIGHT) -> bytes:
    """All panels in one picture, to be shown 900 pixels wide: losses and learning rate above, scores below."""
    figure = _figure((9.0, 6.9), palette)
    above, below = figure.subfigures(2, 1, squeeze=False, hspace=0.04).flat
    axes = [*above.subplots(1, 2), below.subplots()]
    for ax, (name, draw) in zip(axes, PANELS.items(), strict=True):
        draw(ax, report, palette)
        ax.set_title(name, loc="left", fontsize=TEXT + 2, fontweight="bold", color=palette.ink)
    _references(axes[-1], report, palette, ("accuracy", "F1"), "always 'equivalent'", numbers=True)
    if len(report.runs) > 1:
        axes[-1].set_xlabel(f"step; thin lines are the {len(report.runs)} seeds, thick ones their mean")
    return _png(figure)


def panel_png(name: str, report: Report, palette: Palette) -> bytes:
    """One of `PANELS` alone and without its title, to be shown 340 to 460 pixels wide."""
    figure = _figure((4.3, 2.9), palette)
    ax = figure.subplots()
    PANELS[name](ax, report, palette)
    if name == SCORES:
        _references(ax, report, palette, ("acc.", "F1"), "baseline", numbers=False)
    return _png(figure)


def _losses(ax: Axes, report: Report, palette: Palette) -> None:
    training = Series("loss", "training", palette.first)
    evaluation = Series("eval_loss", "evaluation", palette.second, "--", "o")
    drawn = [_draw(ax, report.runs, training, _log), _draw(ax, report.runs, evaluation, _evaluations)]
    _finish(ax, report, palette, any(drawn))


def _rates(ax: Axes, report: Report, palette: Palette) -> None:
    from matplotlib.ticker import FuncFormatter

    drawn = _draw(ax, report.runs, Series("learning_rate", "", palette.first), _log)
    _finish(ax, report, palette, drawn)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda rate, _: f"{rate:.2g}"))


def _scores(ax: Axes, report: Report, palette: Palette) -> None:
    accuracy = Series("eval_accuracy", "accuracy", palette.first, "-", "o")
    f1 = Series("eval_f1", "F1", palette.second, "--", "s")
    drawn = [_draw(ax, report.runs, series, _evaluations) for series in (accuracy, f1)]
    _finish(ax, report, palette, any(drawn))


SCORES = "Accuracy and F1"
PANELS: Mapping[str, Callable[[Axes, Report, Palette], None]] = {
    "Loss": _losses,
    "Learning rate": _rates,
    SCORES: _scores,
}
"""By title; the last one has lines of reference besides."""


def _log(run: Run) -> Sequence[Event]:
    return run.log


def _evaluations(run: Run) -> Sequence[Event]:
    return run.evaluations


def points(events: Sequence[Event], key: str) -> dict[float, float]:
    """The values of that name by step; an event without the key is passed over."""
    found = {}
    for event in events:
        step, value = number(event, "step"), number(event, key)
        if step is not None and step < LARGEST and key in event:
            found[step] = value if value is not None and abs(value) < LARGEST else math.nan
    return found


def mean_points(runs: Sequence[Points]) -> dict[float, float]:
    """The mean over runs at each step where all of them have a value."""
    shared = set.intersection(*map(set, runs)) if runs else set()
    return {step: fmean(run[step] for run in runs) for step in sorted(shared)}


def _draw(ax: Axes, runs: Sequence[Run], series: Series, of: Callable[[Run], Sequence[Event]]) -> bool:
    """Draw a line for each run, thin where there are several, and their mean; whether there was anything to draw."""
    lines = [line for run in runs if (line := points(of(run), series.key))]
    mean = mean_points(lines) if len(lines) > 1 else {}
    for line in lines:
        _plot(ax, line, series, MARK * 0.6, linewidth=0.9, alpha=0.45) if mean else _plot(ax, line, series, MARK)
    if mean:
        _plot(ax, mean, series, MARK, linewidth=2.2)
    if lines and series.name:
        _plot(ax, {}, series, MARK, label=series.name)
    return any(not math.isnan(value) for line in lines for value in line.values())


def _plot(ax: Axes, line: Points, series: Series, size: float, **look: Any) -> None:
    mark = series.mark or ("o" if len(line) == 1 else "")
    (drawn,) = ax.plot(list(line), list(line.values()), color=series.colour, linestyle=series.dashes, marker=mark)
    drawn.set(markersize=size, **{"linewidth": 1.7, **look})


def _references(
    ax: Axes, report: Report, palette: Palette, metrics: tuple[str, str], always: str, numbers: bool
) -> None:
    """Horizontal lines for the baseline and the course, named at the right of the panel, the names apart."""
    lines = [
        (value, f"{who} {metric}" + (f" {value:.3f}" if numbers else ""), colour, dashes)
        for who, scores, dashes in ((always, report.baseline, ":"), ("course", report.course, "-."))
        for metric, value, colour in zip(
            metrics, (scores.accuracy, scores.f1), (palette.first, palette.second), strict=True
        )
    ]
    for value, _, colour, dashes in lines:
        ax.axhline(value, color=colour, linestyle=dashes, linewidth=1.2, zorder=1.5)
    low, high = ax.get_ylim()
    lines.sort()
    heights = apart([(value - low) / (high - low) for value, *_ in lines], LABEL_GAP)
    for height, (_, name, colour, _) in zip(heights, lines, strict=True):
        ax.text(1.02, height, name, transform=ax.transAxes, va="center", fontsize=TEXT, color=colour)
    ax.set_ylim(low, high)


def apart(heights: Sequence[float], gap: float) -> list[float]:
    """Ascending heights moved upwards, as little as needed for `gap` between neighbours, and then all to the middle."""
    moved: list[float] = []
    for height in heights:
        moved.append(max(height, moved[-1] + gap) if moved else height)
    shift = (sum(moved) - sum(heights)) / len(heights) if heights else 0.0
    return [height - shift for height in moved]


def _finish(ax: Axes, report: Report, palette: Palette, drawn: bool) -> None:
    from matplotlib.ticker import MaxNLocator, ScalarFormatter

    if not drawn:
        ax.text(0.5, 0.5, "no values recorded", transform=ax.transAxes, ha="center", va="center", color=palette.muted)
    if ax.get_legend_handles_labels()[1]:
        look = {"frameon": False, "fontsize": TEXT, "labelcolor": palette.ink, "handlelength": 2.6}
        ax.legend(loc="lower right", bbox_to_anchor=(1.01, 1), ncols=2, borderaxespad=0.1, columnspacing=1.2, **look)
    last = max((min(float(run.steps), LARGEST) for run in report.runs), default=0.0)
    ax.set_xlim(0, (last or 1) * 1.02)
    ax.set_xlabel("step", fontsize=TEXT, color=palette.muted)
    ax.xaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10], integer=True))
    ax.yaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
    ax.yaxis.set_major_formatter(ScalarFormatter(useOffset=False))
    ax.tick_params(labelsize=TEXT, colors=palette.muted, length=0)
    ax.grid(color=palette.grid, linewidth=0.8)
    ax.set_axisbelow(True)
    ax.set_facecolor(palette.paper)
    for name, spine in ax.spines.items():
        spine.set_visible(name == "bottom")
        spine.set_color(palette.muted)


def _figure(size: tuple[float, float], palette: Palette) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=size, dpi=200, layout="constrained", facecolor=palette.paper)


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()
