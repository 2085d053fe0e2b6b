"""What can become of a check, and the exceptions by which a check or a call says so.

Stop (BaseException)       ends a check at once, even inside Hypothesis, which would replay an Exception
|- TimedOut                the student's code ran past the limit of its call
`- Died                    the student's code ended its process
Unsatisfied (Exception)    may be shrunk by Hypothesis
|- WrongAnswer             the code ran, and what came back is not what was wanted
|- Unfinished              the code raised NotImplementedError of its own
|- Broken                  the code raised, or could not be loaded
`- Waiting                 an earlier check on which this one depends did not pass
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """The words of the gradebook."""

    PASSED = "passed"
    FAILED = "failed"
    TODO = "todo"
    ERROR = "error"
    TIMEOUT = "timeout"
    SKIPPED = "skipped"
    NOT_RUN = "not_run"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check's outcome with its sentences, as plain values.

    `message` opens with one sentence; further lines show values. `place` is "file:line" in the student's
    file. `output` is what the student's code printed, shortened.
    """

    outcome: Outcome
    message: str = ""
    diagnosis: str = ""
    place: str = ""
    output: str = ""


@dataclass(eq=False)
class _Said:
    message: str
    place: str = ""
    output: str = ""
    diagnosis: str = field(default="", kw_only=True)
    about_input: bool = field(default=True, kw_only=True)

    def __str__(self) -> str:
        return self.message

    def verdict(self, outcome: Outcome) -> Verdict:
        return Verdict(outcome, self.message, self.diagnosis, self.place, self.output)


class Unsatisfied(_Said, Exception):
    """A check is not satisfied; subclasses tell why. `about_input` says whether another input may end otherwise."""


class WrongAnswer(Unsatisfied):
    """The student's code ran, and its answer is wrong."""


class Unfinished(Unsatisfied):
    """The student's code raised NotImplementedError itself."""


class Broken(Unsatisfied):
    """The student's code raised an exception, or could not be loaded."""


class Waiting(Unsatisfied):
    """A check on which this one depends did not pass."""


class Stop(_Said, BaseException):
    """Ends a check at once."""


class TimedOut(Stop):
    """The student's code ran past the limit of its call."""


class Died(Stop):
    """The student's code ended the process in which it ran."""


OUTCOME_OF = {
    WrongAnswer: Outcome.FAILED,
    Unfinished: Outcome.TODO,
    Broken: Outcome.ERROR,
    Waiting: Outcome.SKIPPED,
    TimedOut: Outcome.TIMEOUT,
    Died: Outcome.ERROR,
}


def verdict_of(error: BaseException) -> Verdict | None:
    """The verdict that an exception of this module (or a plain assertion of a check's) stands for."""
    for kind, outcome in OUTCOME_OF.items():
        if isinstance(error, kind) and isinstance(error, _Said):
            return error.verdict(outcome)
    if type(error) is AssertionError:
        return Verdict(Outcome.FAILED, str(error).strip() or "the answer is wrong")
    return None
