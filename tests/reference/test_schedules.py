"""The closed forms against transformers' schedulers at every step, the tolerance, and the misconceptions told apart."""

import itertools
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import get_cosine_schedule_with_warmup, get_linear_schedule_with_warmup

from pytest_trainer.reference import schedules
from pytest_trainer.reference import strategies_schedules as strategies
from pytest_trainer.reference.diagnosis import Raised, outputs
from pytest_trainer.reference.schedules import TOLERANCE, decay, learning_rate

LIBRARY = {"linear": get_linear_schedule_with_warmup, "cosine": get_cosine_schedule_with_warmup}
SHARES = st.tuples(st.integers(1, 300), st.floats(0, 1, exclude_max=True))


def factors(kind, warmup, total):
    """The library's factor, as a function of the step."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    return LIBRARY[kind](optimizer, warmup, total).lr_lambdas[0]


@settings(deadline=None)
@given(SHARES, st.sampled_from(["linear", "cosine"]), st.sampled_from(strategies.BASES))
def test_equals_the_librarys_schedule_at_every_step(total_and_share, kind, base):
    total, share = total_and_share
    warmup = min(int(share * total), total - 1)
    factor = factors(kind, warmup, total)
    for step in range(total + 1):
        assert learning_rate(step, base, warmup, total, kind) == pytest.approx(
            base * factor(step), rel=1e-12, abs=1e-16
        )


@pytest.mark.parametrize("kind", ["linear", "cosine"])
def test_equals_the_rates_that_an_optimizer_is_given(kind):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=2e-5)
    scheduler = LIBRARY[kind](optimizer, 3, 11)
    for step in range(12):
        assert optimizer.param_groups[0]["lr"] == pytest.approx(learning_rate(step, 2e-5, 3, 11, kind), abs=1e-18)
        optimizer.step()
        scheduler.step()


def test_ten_steps_written_out():
    linear = [learning_rate(step, 8.0, 2, 10, "linear") for step in range(11)]
    cosine = [learning_rate(step, 8.0, 2, 10, "cosine") for step in range(11)]
    assert linear == [0, 4, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    assert [round(rate, 3) for rate in cosine] == [0, 4, 8, 7.696, 6.828, 5.531, 4, 2.469, 1.172, 0.304, 0]


@pytest.mark.parametrize("arguments", [(-1, 1, 0, 5, "linear"), (6, 1, 0, 5, "linear"), (0, 1, 5, 5, "linear")])
def test_refuses_a_step_that_is_none(arguments):
    with pytest.raises(ValueError, match="no step"):
        learning_rate(*arguments)


def test_refuses_another_kind():
    with pytest.raises(ValueError, match="kind must be 'linear' or 'cosine', not 'constant'"):
        learning_rate(0, 1.0, 0, 5, "constant")


def in_float32(library, step, base, warmup, total, kind):
    """The closed form with every number in float32."""
    number = {"torch": torch.tensor, "numpy": np.float32}[library]
    cos, kwargs = (torch.cos, {"dtype": torch.float32}) if library == "torch" else (np.cos, {})
    s, w, n, b, pi = (number(value, **kwargs) for value in (float(step), float(warmup), float(total), base, math.pi))
    if step < warmup:
        return float(b * (s / w))
    p = (s - w) / (n - w)
    return float(b * (1 - p) if kind == "linear" else b * ((1 + cos(pi * p)) / 2))


@pytest.mark.parametrize("library", ["torch", "numpy"])
def test_float32_is_within_the_tolerance(library):
    worst = max(
        abs(in_float32(library, s, base, w, n, kind) - learning_rate(s, base, w, n, kind)) / base
        for base, (w, n), kind in itertools.product(
            strategies.BASES, [(3, 7), (100, 333), (1, 500)], ("linear", "cosine")
        )
        for s in range(n + 1)
    )
    assert 1e-9 < worst < TOLERANCE / 2


def test_float16_and_one_step_of_the_longest_schedule_are_beyond_it():
    off = abs(float(np.float16(1 / 3)) - 1 / 3)
    assert off > 10 * TOLERANCE
    assert 1 / strategies.MOST_STEPS > 100 * TOLERANCE


@given(strategies.warmup_steps("linear", "cosine"))
def test_drawn_steps_of_a_warmup_are_in_it(arguments):
    step, base, warmup, total, kind = arguments
    assert 0 <= step < warmup < total <= strategies.MOST_STEPS
    assert learning_rate(step, base, warmup, total, kind) == pytest.approx(base * step / warmup)


@given(strategies.decay_steps("cosine"))
def test_drawn_steps_of_a_decay_come_after_a_warmup(arguments):
    step, base, warmup, total, kind = arguments
    assert 1 <= warmup <= step <= total <= strategies.MOST_STEPS
    assert learning_rate(step, base, warmup, total, kind) == base * decay((step - warmup) / (total - warmup), kind)


@given(strategies.without_warmup("linear", "cosine"))
def test_drawn_steps_without_a_warmup_begin_at_base_and_end_at_0(steps):
    for arguments in steps:
        step, base, warmup, total, kind = arguments
        assert warmup == 0
        assert learning_rate(*arguments) == base * decay(step / total, kind)
        if step in (0, total):
            assert learning_rate(*arguments) == pytest.approx(0 if step else base, abs=1e-16)
    ends = [(step, kind) for step, *_, kind in steps if step in (0, steps[1][0])]
    assert {(0, "linear"), (0, "cosine"), (steps[1][0], "linear"), (steps[1][0], "cosine")} == set(ends)


FAMILIES = {
    "warmup": (("linear", "cosine"), schedules.OF_WARMUP),
    "linear": (("linear",), (*schedules.OF_DECAY, *schedules.OF_LINEAR)),
    "cosine": (("cosine",), (*schedules.OF_DECAY, *schedules.OF_COSINE)),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_the_battery_tells_every_two_misconceptions_apart(family):
    kinds, misconceptions = FAMILIES[family]
    battery = schedules.battery("warmup" if family == "warmup" else "decay", *kinds)
    given_by = [outputs(misconception.answer, battery) for misconception in misconceptions]
    right = outputs(learning_rate, battery)
    for (one, first), (other, second) in itertools.combinations(zip(misconceptions, given_by, strict=True), 2):
        assert first != pytest.approx(right)
        apart = [
            a
            for a, b in zip(first, second, strict=True)
            if (a != b if Raised() in (a, b) else abs(a - b) > 1e-3 * schedules.BATTERY_BASE)
        ]
        assert apart or one.sentence == other.sentence, (one.sentence, other.sentence)


@pytest.mark.parametrize("family", FAMILIES)
def test_each_misconception_is_named(family):
    kinds, misconceptions = FAMILIES[family]
    battery = schedules.battery("warmup" if family == "warmup" else "decay", *kinds)
    for misconception in misconceptions:
        assert schedules.which(misconception.answer, battery, misconceptions) == misconception.sentence


def test_a_right_schedule_has_no_misconception():
    for family, (kinds, misconceptions) in FAMILIES.items():
        battery = schedules.battery("warmup" if family == "warmup" else "decay", *kinds)
        assert schedules.which(learning_rate, battery, misconceptions) == ""


def test_a_warmup_of_0_steps_has_mistakes_of_its_own():
    battery = schedules.battery("ends", "linear", "cosine")
    for misconception in schedules.WITHOUT_WARMUP:
        assert schedules.which(misconception.answer, battery, schedules.WITHOUT_WARMUP) == misconception.sentence
    assert schedules.which(learning_rate, battery, schedules.WITHOUT_WARMUP) == ""


AT_THE_ENDS = (*schedules.WITHOUT_WARMUP, *schedules.OF_DECAY, *schedules.OF_COSINE)


def test_schedules_without_a_warmup_tell_every_two_misconceptions_apart_that_are_wrong_there():
    battery = schedules.battery("ends", "linear", "cosine")
    right = outputs(learning_rate, battery)
    answers = [(misconception.sentence, outputs(misconception.answer, battery)) for misconception in AT_THE_ENDS]
    wrong = [(sentence, answer) for sentence, answer in answers if answer != pytest.approx(right, abs=1e-12)]
    assert len(wrong) > 15
    for (sentence, one), (other_sentence, other) in itertools.combinations(wrong, 2):
        assert one != other or sentence == other_sentence, (sentence, other_sentence)


def test_the_rates_of_the_lessons_example_are_known_where_it_shows_them():
    table = {0: 0.0, 1: 2.5e-5, 2: 5e-5, 3: 4.810e-5, 4: 4.268e-5, 6: 2.5e-5, 8: 7.322e-6, 9: 1.903e-6, 10: 0.0}

    def shown(step, *_):
        try:
            return table[step]
        except KeyError:
            raise ArithmeticError from None

    for part in ("warmup", "decay", "ends"):
        battery = schedules.battery(part, "cosine")
        assert "lesson's example" in schedules.which(shown, battery, schedules.OF_COSINE)
        assert schedules.which(lambda *_: 0.1, battery, schedules.OF_COSINE) == ""
        assert schedules.which(learning_rate, battery, schedules.OF_COSINE) == ""
