"""The report of a full run as one HTML page that needs nothing else: no network, no script, pictures inside.

Names, sentences and numbers came from files and from other people's code: the template escapes all of them.
"""

from __future__ import annotations

import base64
import difflib
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_trainer.full_run.curves import DARK, LIGHT, PANELS, panel_png
from pytest_trainer.full_run.report import Report, Run

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATE = "page.html.jinja"
CLASSES = ("not equivalent", "equivalent")
MISSING = "–"
LONGEST_COMPARED = 200
"""Words of a sentence up to which two are compared: the comparison takes their product."""
MOST_COLUMNS = 8
FIRST_COLUMNS = ("eval_loss", "eval_accuracy", "eval_f1")
TIMINGS = ("eval_runtime", "eval_samples_per_second", "eval_steps_per_second")
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of the text around them, also beyond the element in which they stand."""


class Picture(NamedTuple):
    """A panel of the curves on light and on dark paper, as data URIs."""

    title: str
    light: str
    dark: str


class Metric(NamedTuple):
    """One of the two headline numbers: what the run reached and what it is held against, from 0 to 1."""

    name: str
    mean: float | None
    sd: float | None
    values: tuple[float, ...]
    threshold: float | None
    baseline: float
    course: float

    @property
    def scale(self) -> tuple[float, float]:
        """The ends of an axis that holds all of them, in steps of 0.05."""
        shown = [*self.values, self.baseline, self.course, *([] if self.threshold is None else [self.threshold])]
        return max(0.0, math.floor(20 * min(shown) - 0.4) / 20), min(1.0, math.ceil(20 * max(shown) + 0.4) / 20)

    def place(self, value: float) -> str:
        """Where a value stands on that axis, in per cent."""
        low, high = self.scale
        return f"{min(max(100 * (value - low) / (high - low), 0), 100):.2f}%"


def page_html(report: Report) -> str:
    """Return the page."""
    return (
        _environment()
        .get_template(TEMPLATE)
        .render(
            report=report,
            metrics=_metrics(report),
            verdict=verdict(report),
            all_reached=all(run.scores and report.threshold.reached(run.scores) for run in report.runs),
            pictures=[_picture(title, report) for title in PANELS],
            columns=evaluation_columns(report.runs),
            classes=CLASSES,
        )
    )


def verdict(report: Report) -> str:
    """One sentence: whether the threshold is reached, and by how many of the runs."""
    reached = sum(map(report.threshold.reached, report.scores))
    if len(report.runs) > 1:
        return f"{reached} of {len(report.runs)} seeds reach the threshold."
    if not report.scores:
        return "The training left no model to evaluate."
    return "The threshold is reached." if reached else "The threshold is not reached."


def evaluation_columns(runs: Iterable[Run]) -> list[str]:
    """The metrics that evaluations recorded: loss, accuracy and F1 first, then a few others, without timings."""
    keys = dict.fromkeys(key for run in runs for event in run.evaluations for key in event if key.startswith("eval_"))
    first = [key for key in FIRST_COLUMNS if key in keys]
    return [*first, *(key for key in keys if key not in FIRST_COLUMNS + TIMINGS)][:MOST_COLUMNS]


def differences(one: str, other: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Both sentences in pieces, each with whether its words are missing from the other one at that place."""
    a, b = one.split(), other.split()
    if max(len(a), len(b)) > LONGEST_COMPARED:
        return [(one, False)], [(other, False)]
    blocks = difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    left = [(" ".join(a[i:j]), kind != "equal") for kind, i, j, _, _ in blocks if j > i]
    right = [(" ".join(b[i:j]), kind != "equal") for kind, _, _, i, j in blocks if j > i]
    return left, right


def visible(value: object) -> object:
    """A value as it may stand on the page: control characters and those that turn the text around become visible."""
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return MISSING if value is None else value
    return BIDI.sub(_code, "".join(_code(c) if _unprintable(c) else c for c in value))


def _unprintable(character: str) -> bool:
    return character not in "\n\t" and unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn")


def _code(character: re.Match[str] | str) -> str:
    return f"\\u{ord(character if isinstance(character, str) else character.group()):04x}"


def score(value: float | None) -> str:
    """0.8015 -> '0.802'."""
    return MISSING if value is None else f"{value:.3f}"


def metric_name(key: str) -> str:
    """eval_accuracy -> 'accuracy'."""
    return {"eval_f1": "F1"}.get(key) or key.removeprefix("eval_").replace("_", " ")


def epoch(value: object) -> str:
    """1.0 -> '1', 0.217 -> '0.22'."""
    return f"{value:.2f}".removesuffix(".00") if isinstance(value, int | float) else MISSING


def metric_value(value: object) -> str:
    """A recorded number of any size, short."""
    if not isinstance(value, int | float):
        return MISSING if value is None else str(value)
    return f"{value:.3f}" if abs(value) < 1e4 else f"{value:.2e}"


def duration(seconds: float | None) -> str:
    """17.3 -> '17.3 s', 4000 -> '1 h 07 min'."""
    if seconds is None:
        return MISSING
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


def memory(size: int | None) -> str:
    """719323136 -> '0.67 GiB'."""
    return MISSING if size is None else f"{size / 2**30:.2f} GiB"


def whole(value: float | None) -> str:
    """32890.4 -> '32,890'."""
    return MISSING if value is None else f"{value:,.0f}"


def percent(probability: float | None) -> str:
    """0.998 -> '99.8 %', and never 100 % for what is less."""
    return MISSING if probability is None else f"{math.floor(1000 * probability) / 10:.1f} %"


def _metrics(report: Report) -> list[Metric]:
    def metric(name: str, key: str) -> Metric:
        spread = getattr(report, key)
        values = tuple(getattr(scores, key) for scores in report.scores)
        against: Sequence[Any] = (report.threshold, report.baseline, report.course)
        return Metric(name, spread.mean, spread.sd, values, *(getattr(one, key) for one in against))

    return [metric("Accuracy", "accuracy"), metric("F1", "f1")]


def _picture(title: str, report: Report) -> Picture:
    return Picture(title, *(_data_uri(panel_png(title, report, palette)) for palette in (LIGHT, DARK)))


def _data_uri(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        finalize=visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for one in (score, metric_name, metric_value, epoch, duration, memory, whole, percent):
        environment.filters[one.__name__] = one
    environment.globals["differences"] = differences
    return environment
