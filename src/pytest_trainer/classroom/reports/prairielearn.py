"""PrairieLearn's `results.json` of an external grader, at most 1 MB."""

from __future__ import annotations

import json
from typing import Any

from pytest_trainer.classroom.reports.texts import (
    check_name,
    explanation,
    fitting,
    no_grade,
    outcome_word,
    score_line,
    shown_rows,
    title,
)
from pytest_trainer.grading.gradebook import Gradebook

MOST_BYTES = 1_000_000


def results(book: Gradebook) -> str:
    """The JSON. Where points are open it is "not gradable": no score, and no attempt of the student's is used."""
    return fitting(lambda room: json.dumps(_plain(book, room), indent=1) + "\n", MOST_BYTES, "PrairieLearn")


def _plain(book: Gradebook, room: int) -> dict[str, Any]:
    if why := no_grade(book):
        return {"gradable": False, "format_errors": [f"There is no grade: {why}. Please show this to your teacher."]}
    tests = [
        {
            "name": f"{title(exercise, room)}: {check_name(row, room)}",
            "points": row.score,
            "max_points": row.max_score,
            "message": "\n".join(filter(None, (outcome_word(row), explanation(row, room)))),
        }
        for exercise, row in shown_rows(book)
    ]
    return {"gradable": True, "score": book.score / book.max_score, "message": score_line(book), "tests": tests}
