"""Checks of 07: the warm-up, both ways down, and the ends; each slip costs its own points."""

from pytest_trainer import check, expect, given
from pytest_trainer.reference import schedules
from pytest_trainer.reference import strategies_schedules as strategies
from pytest_trainer.reference.diagnosis import explained
from pytest_trainer.submission import Array

KINDS = ("linear", "cosine")
# A quarter of the steps drawn tell one curve from the other: 30 would miss it with one seed in 7,000, 50 with one in
# three million.
MANY = 50


def rate(submission, *arguments):
    """The student's learning rate, as a float."""
    came = submission.call("learning_rate", *arguments)
    if isinstance(came, Array) and came.kind == "ndarray" and came.data.size == 1:
        came = Array("scalar", came.dtype, came.data)  # what numpy's where and interp give for one number
    return expect.number(came, "learning_rate's result")


def expect_rate(submission, arguments):
    """The learning rate at this step is that of the closed form."""
    wanted = schedules.learning_rate(*arguments)
    what = f"learning_rate({', '.join(map(repr, arguments))})"
    expect.close(rate(submission, *arguments), wanted, what, within=schedules.TOLERANCE * arguments[1])


def seen_in(part, kinds, *misconceptions):
    """What names the misconception behind a failure, from the steps of this part."""

    def by(submission):
        battery = schedules.battery(part, *kinds)
        return schedules.which(lambda *arguments: rate(submission, *arguments), battery, misconceptions)

    return by


@check(
    points=1,
    needs="learning_rate",
    hint="Before step warmup_steps the rate is base * step / warmup_steps, for either kind; steps count from 0.",
)
@explained(by=seen_in("warmup", KINDS, *schedules.OF_WARMUP))
@given(arguments=lambda: strategies.warmup_steps(*KINDS))
def test_warmup_rises_in_a_straight_line_from_0(submission, arguments):
    expect_rate(submission, arguments)


@check(
    points=1,
    needs="learning_rate",
    hint="After the warm-up the rate falls in a straight line: base at step warmup_steps, 0 at step total_steps.",
)
@explained(by=seen_in("decay", ("linear",), *schedules.OF_DECAY, *schedules.OF_LINEAR))
@given(examples=MANY, arguments=lambda: strategies.decay_steps("linear"))
def test_linear_falls_in_a_straight_line_after_the_warmup(submission, arguments):
    expect_rate(submission, arguments)


@check(
    points=1,
    needs="learning_rate",
    hint="After the warm-up the rate follows half a wave of a cosine, from its top (base) to its bottom (0).",
)
@explained(by=seen_in("decay", ("cosine",), *schedules.OF_DECAY, *schedules.OF_COSINE))
@given(examples=MANY, arguments=lambda: strategies.decay_steps("cosine"))
def test_cosine_falls_along_half_a_wave_after_the_warmup(submission, arguments):
    expect_rate(submission, arguments)


@check(
    points=1,
    needs="learning_rate",
    hint="With warmup_steps = 0 there is nothing to divide by: step 0 has the whole base rate, the last step 0.",
)
@explained(by=seen_in("ends", KINDS, *schedules.WITHOUT_WARMUP, *schedules.OF_DECAY, *schedules.OF_COSINE))
@given(examples=12, steps=lambda: strategies.without_warmup(*KINDS))
def test_without_a_warmup_it_begins_at_base_and_ends_at_0(submission, steps):
    for arguments in steps:
        step, base, _, total_steps, kind = arguments
        # In between it is the curve that follows a warm-up; where that one is wrong, it has cost its own points.
        if step in (0, total_steps) or not is_rate(submission, (step + 1, base, 1, total_steps + 1, kind), arguments):
            expect_rate(submission, arguments)


def is_rate(submission, arguments, other):
    """Whether the student's learning rate is the same for both."""
    difference = rate(submission, *arguments) - rate(submission, *other)
    return abs(difference) <= schedules.TOLERANCE * arguments[1]
