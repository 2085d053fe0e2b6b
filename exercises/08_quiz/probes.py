"""What the checks of 08 look at on the student's side: what stands in ANSWERS once the file has run."""

from collections.abc import Mapping

from pytest_trainer.submission import Unusable

KEYS = "keep the stub's, with a letter for each of the keys 1 to 6."


def answer(student, question):
    """The answer to one question; None where there is none yet."""
    answers = getattr(student.module, "ANSWERS", None)
    if not isinstance(answers, Mapping):
        raise Unusable(f"quiz.py has no dict ANSWERS; {KEYS}")
    if 0 in answers and 6 not in answers:
        raise Unusable(f"ANSWERS begins with the key 0, and question 1 has the key 1; {KEYS}")
    try:
        return answers[question]
    except KeyError:
        return answers.get(str(question))
