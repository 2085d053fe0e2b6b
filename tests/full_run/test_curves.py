"""Curves of any run can be drawn; what they draw is what was recorded."""

import io
import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from full_run.trained import LABELS, events, report, run
from pytest_trainer.full_run.curves import DARK, PANELS, apart, curves_png, mean_points, panel_png, points
from pytest_trainer.full_run.events import parse_events
from pytest_trainer.full_run.report import seed_run

quick = settings(deadline=None, database=None)
NOTHING = b""
NAN = b'{"event": "log", "step": 1, "loss": NaN}\n{"event": "evaluation", "step": 2, "eval_loss": null}'
ONE = b'{"event": "log", "step": 5, "loss": 1.0, "learning_rate": 0}\n{"event": "evaluation", "step": 5, "eval_f1": 0}'
HUGE = b"\n".join(
    b'{"event": "%s", "step": %s, "loss": %s, "eval_loss": -1e308, "eval_f1": 1e29}' % fields
    for fields in ((b"log", b"1", b"1e308"), (b"log", b"2", b"1e-308"), (b"evaluation", b"1e305", b"0"))
)
NO_STEP = b'{"event": "log", "loss": 1.0}\n{"event": "evaluation", "eval_loss": "much"}'


def bare(text):
    return seed_run(1, parse_events(text), None, LABELS, [])


@pytest.mark.parametrize("text", [NOTHING, NAN, ONE, HUGE, NO_STEP], ids=["nothing", "nan", "one", "huge", "no step"])
def test_odd_events_can_be_drawn(text):
    picture = Image.open(io.BytesIO(curves_png(report(bare(text)))))
    assert picture.width == 1800


def test_seeds_of_different_lengths_can_be_drawn():
    assert curves_png(report(run(1), bare(NOTHING), seed_run(2, events(steps=300), None, LABELS, [])))


def test_no_run_at_all_can_be_drawn():
    from dataclasses import replace

    assert curves_png(replace(report(), runs=()))


@pytest.mark.parametrize("title", PANELS)
def test_a_panel_is_drawn_on_the_paper_of_its_palette(title):
    picture = Image.open(io.BytesIO(panel_png(title, report(), DARK))).convert("RGB")
    assert picture.getpixel((1, 1)) == tuple(bytes.fromhex(DARK.paper[1:]))


def test_points_keep_gaps_and_pass_over_events_without_the_key():
    log = parse_events(
        b'{"event": "log", "step": 1, "loss": 2}\n{"event": "log", "step": 2, "loss": NaN}\n'
        b'{"event": "log", "step": 3, "train_runtime": 9}\n{"event": "log", "step": 4, "loss": 1}'
    )
    found = points(log, "loss")
    assert list(found) == [1, 2, 4]
    assert (found[1], found[4]) == (2, 1)
    assert math.isnan(found[2])


def test_the_mean_stands_where_every_seed_has_a_value():
    assert mean_points([{1: 2.0, 2: 4.0, 3: 1.0}, {2: 6.0, 1: 4.0}]) == {1: 3.0, 2: 5.0}
    assert mean_points([{1: 2.0}, {2: 2.0}]) == {}
    assert mean_points([]) == {}


@quick
@given(st.lists(st.floats(-1, 2), max_size=6).map(sorted), st.floats(0, 0.5))
def test_names_of_lines_stand_apart_in_order_and_around_their_lines(heights, gap):
    moved = apart(heights, gap)
    assert all(b - a >= gap - 1e-9 for a, b in itertools.pairwise(moved))
    assert sum(moved) == pytest.approx(sum(heights), abs=1e-9)
    if all(b - a >= gap for a, b in itertools.pairwise(heights)):
        assert moved == pytest.approx(heights)
