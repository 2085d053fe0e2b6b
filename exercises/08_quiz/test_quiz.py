"""Checks of 08: a letter for each question, and for each wrong letter why it is not the right one."""

from pytest_trainer import check, expect
from pytest_trainer.grading.outcome import Unfinished, Unsatisfied
from pytest_trainer.reference.quiz import (
    FROM_ZERO,
    QUESTIONS,
    WITHOUT_QUOTES,
    letter_in,
    which_answer,
    without_quotes,
)


def answer_to(submission, number):
    """What stands in ANSWERS for this question."""
    try:
        return submission.probe("answer", number)
    except Unsatisfied as error:
        if without_quotes(error.message):
            error.diagnosis = WITHOUT_QUOTES
        elif "begins with the key 0" in error.message:
            error.diagnosis = FROM_ZERO
        raise


def expect_right_letter(submission, number):
    """The student's answer to this question is the right letter."""
    need, question = f"ANSWERS[{number}]", QUESTIONS[number]
    answer = answer_to(submission, number)
    if answer is None:
        raise Unfinished(submission.source.still_to_do(need), submission.source.place(need))
    letter = letter_in(answer)
    if letter is None:
        shown = ascii(answer) if isinstance(answer, str) and len(answer) < 40 else expect.kind_of(answer)
        raise expect.wrong(
            f'{need}: wanted one letter in quotes, "a", "b", "c" or "d", came back {shown}.',
            diagnosis=which_answer(answer, question),
        )
    if letter != question.right:
        raise expect.wrong(
            f"Question {number} is not answered by {letter}: {question.options[letter]}",
            diagnosis=question.why_not[letter],
        )


@check(
    points=1,
    needs="ANSWERS[1]",
    hint="The lessons of exercises 02 and 05 tell what becomes of it, in the parts on padding.",
)
def test_knows_what_processing_class_is_for(submission):
    expect_right_letter(submission, 1)


@check(
    points=1,
    needs="ANSWERS[2]",
    hint="Exercise 03 has it. Set the argument alone, train a little, and look at trainer.state.log_history.",
)
def test_knows_which_argument_sets_how_often_evaluation_runs(submission):
    expect_right_letter(submission, 2)


@check(
    points=1,
    needs="ANSWERS[3]",
    hint="The lesson of exercise 03 tells what mixed precision mixes, and what becomes of it on a CPU.",
)
def test_knows_what_fp16_does(submission):
    expect_right_letter(submission, 3)


@check(
    points=1,
    needs="ANSWERS[4]",
    hint="Put a print() into your compute_metrics of exercise 05, and see when it is called, and with what.",
)
def test_knows_the_role_of_compute_metrics(submission):
    expect_right_letter(submission, 4)


@check(
    points=1,
    needs="ANSWERS[5]",
    hint="Leave it out of your Trainer of exercise 05, once with eval_strategy='epoch' and once without.",
)
def test_knows_what_happens_without_eval_dataset(submission):
    expect_right_letter(submission, 5)


@check(
    points=1,
    needs="ANSWERS[6]",
    hint="Count steps: trainer.state.global_step after one epoch tells how many batches each step was made of.",
)
def test_knows_what_gradient_accumulation_is(submission):
    expect_right_letter(submission, 6)
