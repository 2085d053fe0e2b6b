"""A misconception is named where a wrong answer is the same on the whole battery, and nowhere else."""

import pytest

from pytest_trainer.grading import expect
from pytest_trainer.grading.outcome import TimedOut, WrongAnswer
from pytest_trainer.reference.diagnosis import Misconception, Raised, diagnose, explained, outputs

BATTERY = [(0, 1), (2, 2), (3, 0)]


def add(one, other):
    return one + other


TIMES = Misconception("You seem to multiply.", lambda one, other: one * other)
POWER = Misconception("You seem to raise to a power.", lambda one, other: one**other)
DIVIDE = Misconception("You seem to divide.", lambda one, other: one / other)
ALL = (TIMES, POWER, DIVIDE)


@pytest.mark.parametrize("misconception", ALL)
def test_names_the_misconception_that_gives_the_same(misconception):
    came = outputs(misconception.answer, BATTERY)
    assert diagnose(came, BATTERY, add, ALL) == misconception.sentence


def test_says_nothing_of_a_right_answer_even_where_a_misconception_gives_it_too():
    assert diagnose([4], [(2, 2)], add, ALL) == ""
    assert diagnose(outputs(add, BATTERY), BATTERY, add, ALL) == ""


def test_says_nothing_where_one_output_is_another():
    assert diagnose([0, 4, 1], BATTERY, add, (TIMES,)) == ""


def test_a_misconception_that_is_right_on_this_battery_is_never_named():
    echo = Misconception("never", add)
    assert diagnose([0, 0, 0], BATTERY, add, (echo,)) == ""


def test_the_first_of_two_that_give_the_same_is_named():
    again = Misconception("again", TIMES.answer)
    assert diagnose(outputs(TIMES.answer, BATTERY), BATTERY, add, (TIMES, again)) == TIMES.sentence


def test_outputs_may_be_compared_loosely():
    came = [value + 1e-9 for value in outputs(TIMES.answer, BATTERY)]
    assert diagnose(came, BATTERY, add, ALL) == ""
    assert diagnose(came, BATTERY, add, ALL, same=lambda one, other: abs(one - other) < 1e-6) == TIMES.sentence


def test_raising_is_an_output_equal_to_itself_alone():
    def wrong(*_):
        raise expect.wrong("no")

    assert outputs(wrong, BATTERY) == [Raised()] * 3
    assert outputs(DIVIDE.answer, BATTERY) == [0, 1, Raised()]
    assert Raised() != 0
    assert diagnose([Raised()] * 3, BATTERY, add, ALL, same=lambda one, other: abs(one - other) < 1) == ""


def test_what_is_no_wrong_answer_is_not_kept_back():
    def broken(*_):
        raise LookupError

    with pytest.raises(LookupError):
        outputs(broken, BATTERY)


def failing(error):
    def check(**_fixtures):
        raise error

    return check


def test_a_failed_check_gets_the_sentence():
    asked = []
    check = explained(by=lambda submission: asked.append(submission) or "You seem to multiply.")(
        failing(WrongAnswer("x"))
    )
    with pytest.raises(WrongAnswer) as caught:
        check(submission="theirs")
    assert (caught.value.diagnosis, caught.value.message, asked) == ("You seem to multiply.", "x", ["theirs"])


def test_a_diagnosis_of_the_checks_own_stays():
    check = explained(by=lambda _: "another")(failing(expect.wrong("x", diagnosis="its own")))
    with pytest.raises(WrongAnswer) as caught:
        check(submission=None)
    assert caught.value.diagnosis == "its own"


def test_nothing_is_asked_of_code_that_cannot_be_called():
    check = explained(by=lambda _: pytest.fail("asked"))(failing(WrongAnswer("x", about_input=False)))
    with pytest.raises(WrongAnswer):
        check(submission=None)


@pytest.mark.parametrize("error", [TimedOut("late"), WrongAnswer("again")])
def test_without_an_answer_to_the_battery_the_checks_failure_stands(error):
    def by(_):
        raise error

    check = explained(by=by)(failing(WrongAnswer("x")))
    with pytest.raises(WrongAnswer) as caught:
        check(submission=None)
    assert (caught.value.diagnosis, caught.value.message) == ("", "x")


def test_a_check_that_passes_is_not_asked_about():
    explained(by=lambda _: pytest.fail("asked"))(lambda **_fixtures: None)(submission=None)
