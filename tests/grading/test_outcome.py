"""The exceptions by which a check says what it saw, and the verdicts that they stand for."""

import pytest

from pytest_trainer.grading.outcome import (
    Broken,
    Died,
    Outcome,
    Stop,
    TimedOut,
    Unfinished,
    Unsatisfied,
    Verdict,
    Waiting,
    WrongAnswer,
    verdict_of,
)


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (WrongAnswer, "failed"),
        (Unfinished, "todo"),
        (Broken, "error"),
        (Waiting, "skipped"),
        (TimedOut, "timeout"),
        (Died, "error"),
    ],
)
def test_every_exception_has_its_outcome(kind: type[Unsatisfied], outcome: str) -> None:
    error = kind("A sentence.\n  a value", "collation.py:3", "printed", diagnosis="It pads to 512.")
    assert verdict_of(error) == Verdict(
        Outcome(outcome), "A sentence.\n  a value", "It pads to 512.", "collation.py:3", "printed"
    )
    assert str(error) == "A sentence.\n  a value"


def test_a_class_made_for_one_line_has_the_outcome_of_its_base() -> None:
    verdict = verdict_of(type("Broken", (Broken,), {})("x"))
    assert verdict is not None
    assert verdict.outcome is Outcome.ERROR


def test_a_plain_assertion_of_a_check_is_a_wrong_answer() -> None:
    assert verdict_of(AssertionError(" two is not three\n")) == Verdict(Outcome.FAILED, "two is not three")
    assert verdict_of(AssertionError()) == Verdict(Outcome.FAILED, "the answer is wrong")


@pytest.mark.parametrize(
    "error", [ValueError("x"), KeyboardInterrupt(), RuntimeError("x"), type("Mine", (AssertionError,), {})("x")]
)
def test_anything_else_is_no_verdict(error: BaseException) -> None:
    assert verdict_of(error) is None


def test_only_what_may_be_shrunk_is_an_exception() -> None:
    assert not issubclass(Stop, Exception)
    assert issubclass(TimedOut, Stop)
    assert issubclass(Died, Stop)
    for kind in (WrongAnswer, Unfinished, Broken, Waiting):
        assert issubclass(kind, Unsatisfied)
        assert issubclass(kind, Exception)


def test_two_errors_with_the_same_words_are_two() -> None:
    assert WrongAnswer("x") != WrongAnswer("x")
    assert len({WrongAnswer("x"), WrongAnswer("x")}) == 2
