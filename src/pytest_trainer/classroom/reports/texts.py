"""What all reports say about a check, in texts that are printable and of bounded length; and when there is no grade."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pytest_trainer.grading.gradebook import Exercise, Gradebook, Row
from pytest_trainer.grading.outcome import Outcome
from pytest_trainer.grading.show import printable
from pytest_trainer.grading.summary import COUNTED, spoken

ROOMS = (4000, 1000, 250, 60)
LONGEST_NAME = 200
FAULT = "A fault of the grader's own, not of your code, broke this check; its points are open."
NOT_RUN = "This check was not run; its points are open."
NO_CHECK = "no check that carries points was run"


class NoGrade(Exception):
    """Points are open, so that no score may be handed on; the text says why."""


class TooLong(Exception):
    """A report that a system would refuse, however its texts are cut; one sentence."""


def paragraph(text: str, room: int = ROOMS[0]) -> str:
    """A text of several lines, printable, at most `room` characters long, with a sentence where it was cut."""
    text = printable(text).strip("\n")
    if len(text) <= room:
        return text
    return f"{text[:room].rstrip()}\n(This text was cut; it had {len(text):,} characters.)"


def line(text: str, room: int = LONGEST_NAME) -> str:
    """A name or title: printable, in one line, at most about `room` characters long."""
    text = " ".join(printable(text).split())
    return text if len(text) <= room else f"{text[:room].rstrip()} ..."


def explanation(row: Row, room: int = ROOMS[0]) -> str:
    """All that a student reads about a check, in the terminal's order; each part at most `room` characters long."""
    lead = {Outcome.FAULT: FAULT, Outcome.NOT_RUN: NOT_RUN if row.max_score else ""}.get(row.outcome, "")
    hint = f"Hint: {row.hint}" if row.hint and row.outcome is Outcome.FAILED else ""
    return "\n".join(filter(None, (lead, *(paragraph(part, room) for part in (row.message, row.diagnosis, hint)))))


def outcome_word(row: Row) -> str:
    """The summary's word for an outcome: 'passed', 'broken', 'waiting' ..."""
    return COUNTED.get(row.outcome, row.outcome.value)


def check_name(row: Row, room: int = LONGEST_NAME) -> str:
    """A check's name as a sentence."""
    return line(spoken(row.name), min(room, LONGEST_NAME)) or "check"


def title(exercise: Exercise, room: int = LONGEST_NAME) -> str:
    """An exercise's title."""
    room = min(room, LONGEST_NAME)
    return line(exercise.title, room) or line(exercise.name, room) or "exercise"


def shown(exercise: Exercise) -> list[Row]:
    """The checks to report: all but those that carry no points and were not run, as full runs on a laptop."""
    return [row for row in exercise.checks if row.max_score or row.outcome is not Outcome.NOT_RUN]


def shown_rows(book: Gradebook) -> Iterator[tuple[Exercise, Row]]:
    """Every check to report with its exercise, in the order of the course."""
    return ((exercise, row) for exercise in book.exercises for row in shown(exercise))


def score_line(book: Gradebook) -> str:
    """The grade in one line, or that there is none."""
    rows = [row for _, row in shown_rows(book)]
    passed = sum(row.outcome is Outcome.PASSED for row in rows)
    checks = f"{passed} of {len(rows)} checks passed"
    open_points = no_grade(book)
    return f"No grade: {open_points}; {checks}" if open_points else f"{book.score} of {book.max_score} points; {checks}"


def no_grade(book: Gradebook) -> str:
    """Why the points are open; empty where the score is a grade.

    A fault is ours. A check that was not run (deselected, interrupted) says nothing about the answer either.
    """
    faults = sum(row.outcome is Outcome.FAULT for row in book.rows)
    not_run = sum(row.outcome is Outcome.NOT_RUN for row in book.rows if row.max_score)
    why = [f"a fault of the grader's own broke {_checks(faults)}"] if faults else []
    if not_run == sum(row.max_score > 0 for row in book.rows):
        why.append(NO_CHECK)
    elif not_run:
        why.append(f"{_checks(not_run)} {'was' if not_run == 1 else 'were'} not run")
    return " and ".join(why)


def graded(book: Gradebook) -> Gradebook:
    """The gradebook, where its score is a grade; else `NoGrade`."""
    if why := no_grade(book):
        raise NoGrade(why)
    return book


def fitting(render: Callable[[int], str], most_bytes: int, system: str) -> str:
    """What `render` makes with texts as long as the system's limit allows."""
    for room in ROOMS:
        text = render(room)
        if len(text.encode()) <= most_bytes:
            return text
    raise TooLong(f"the report is longer than the {most_bytes:,} bytes that {system} takes, however it is cut.")


def _checks(count: int) -> str:
    return f"{count} check{'s' * (count != 1)}"
