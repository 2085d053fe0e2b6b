"""Gradescope's `results.json`, as its autograder documentation describes it; every text is of the format "text"."""

from __future__ import annotations

import json
import re
from typing import Any

from pytest_trainer.classroom.reports.texts import check_name, explanation, graded, line, score_line, shown, title
from pytest_trainer.grading.gradebook import Exercise, Gradebook, Row
from pytest_trainer.grading.outcome import Outcome


def results(book: Gradebook) -> str:
    """The JSON. Raises `NoGrade` where points are open: without the file, Gradescope reports a failed autograder."""
    graded(book)
    plain = {
        "score": book.score,
        "execution_time": round(sum(row.duration for row in book.rows)),
        "output": score_line(book),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {
            "seed": book.seed,
            "isolation": line(book.isolation),
            "versions": {line(name): line(version) for name, version in book.versions.items()},
        },
        "tests": [
            _test(exercise, _number(exercise, place), i, row)
            for place, exercise in enumerate(book.exercises, 1)
            for i, row in enumerate(shown(exercise), 1)
        ],
    }
    return json.dumps(plain, indent=2) + "\n"


def _test(exercise: Exercise, number: str, i: int, row: Row) -> dict[str, Any]:
    return {
        "number": f"{number}.{i}",
        "name": f"{title(exercise)}: {check_name(row)}",
        "score": row.score,
        "max_score": row.max_score,
        "status": "passed" if row.outcome is Outcome.PASSED else "failed",
        "output": explanation(row),
        "tags": [line(exercise.name)],
        "extra_data": {"outcome": row.outcome.value},
    }


def _number(exercise: Exercise, place: int) -> str:
    """The exercise's own number, 3 for 03_training_arguments, so that it stays where one exercise is graded alone."""
    found = re.match(r"0*([1-9][0-9]{0,3})_", exercise.name)
    return found[1] if found else str(place)
