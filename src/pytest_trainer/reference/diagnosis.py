"""Which known misconception a wrong answer is: its outputs on a battery of inputs, held against what each would give.

A battery is made to tell misconceptions apart; the shrunken counterexample, which is made to be read, seldom does.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_trainer.grading.outcome import Stop, Unsatisfied

if TYPE_CHECKING:
    from pytest_trainer.submission import Submission


@dataclass(frozen=True, slots=True)
class Misconception:
    """One way to be wrong: what it makes of an input of the battery, and what to tell the student who did so.

    `sentence` says in one or two sentences what they probably did and which idea to revisit. `answer` takes one input
    of the battery as its arguments; where it raises an ArithmeticError, the student's code would raise too.
    """

    sentence: str
    answer: Callable[..., Any]


class Raised:
    """Stands in place of an output where the function raised instead of answering; all of them are equal."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Raised)

    def __hash__(self) -> int:
        return hash(Raised)

    def __repr__(self) -> str:
        return "raised"


def outputs(function: Callable[..., Any], battery: Iterable[tuple[Any, ...]]) -> list[Any]:
    """What `function` gives for each input of the battery; `Raised()` where a student's code, or arithmetic, raised."""
    given: list[Any] = []
    for inputs in battery:
        try:
            given.append(function(*inputs))
        except (Unsatisfied, ArithmeticError):
            given.append(Raised())
    return given


def _equal(one: Any, other: Any) -> bool:
    return bool(one == other)


def diagnose(
    came: Sequence[Any],
    battery: Sequence[tuple[Any, ...]],
    truth: Callable[..., Any],
    misconceptions: Iterable[Misconception],
    same: Callable[[Any, Any], bool] = _equal,
) -> str:
    """Return the sentence of the first misconception that gives `came` on all of the battery, else "".

    Args:
        came: the student's outputs, one for each input of the battery, as `outputs` collects them.
        battery: the inputs, each a tuple of arguments.
        truth: the right answer to an input. One that equals `came` everywhere has no diagnosis, and neither has
            a misconception that gives the right answers on all of this battery.
        misconceptions: in the order in which they are tried.
        same: whether two outputs count as equal; `Raised()` equals itself alone.
    """

    def agree(some: Sequence[Any], others: Sequence[Any]) -> bool:
        return all(
            one == other if isinstance(one, Raised) or isinstance(other, Raised) else same(one, other)
            for one, other in zip(some, others, strict=True)
        )

    right = outputs(truth, battery)
    if agree(came, right):
        return ""
    for misconception in misconceptions:
        theirs = outputs(misconception.answer, battery)
        if agree(came, theirs) and not agree(theirs, right):
            return misconception.sentence
    return ""


def explained(by: Callable[[Submission], str]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Decorate a check so that its failure says which misconception it saw: `@explained(by=which_limit)`.

    `by(submission)` is asked once, after the counterexample has been shrunk, and only where the student's code could
    be called and the check itself had no diagnosis. It stands between `@check` and `@given`. Should the student's
    code raise or run out of time in there, there is no diagnosis, and the check's own failure stands.
    """

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(test)
        def run(**values: Any) -> None:
            try:
                test(**values)
            except Unsatisfied as error:
                if not error.diagnosis and error.about_input:
                    with contextlib.suppress(Unsatisfied, Stop):
                        error.diagnosis = by(values["submission"])
                raise

        return run

    return decorate
