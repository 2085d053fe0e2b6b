"""classroom50's `result.json`, schema classroom50/result/v1; who submitted what is in the environment of its runner."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from pytest_trainer.classroom.reports.texts import check_name, explanation, graded, outcome_word, shown_rows, title
from pytest_trainer.grading.gradebook import Gradebook
from pytest_trainer.grading.outcome import Outcome

VARIABLES = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "assignment_type": "ASSIGNMENT_TYPE",
    "owner": "OWNER",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
    "review": "REVIEW_URL",
}
TIME = "%Y-%m-%dT%H:%M:%SZ"


class NotInClassroom(Exception):
    """The environment is not that of classroom50's runner; one sentence."""


def result(book: Gradebook, environment: Mapping[str, str], now: datetime) -> str:
    """The JSON; `now` is in UTC.

    Raises `NotInClassroom`, and `NoGrade` where points are open: without the file, and with an exit status
    that is not 0, classroom50 takes it for an error of the grader.
    """
    about = _about(environment)
    graded(book)
    plain = {
        "schema": "classroom50/result/v1",
        **about,
        "datetime": _submitted(about["submission"]),
        "graded_at": now.astimezone(UTC).strftime(TIME),
        "score": book.score,
        "max-score": book.max_score,
        "tests": [
            {
                "test-name": f"{title(exercise)}: {check_name(row)}",
                "passed": row.outcome is Outcome.PASSED,
                "score": row.score,
                "max-score": row.max_score,
                "outcome": outcome_word(row),
                "message": explanation(row),
            }
            for exercise, row in shown_rows(book)
        ],
    }
    return json.dumps(plain, indent=2) + "\n"


def _about(environment: Mapping[str, str]) -> dict[str, str]:
    missing = [name for name in VARIABLES.values() if not environment.get(name)]
    if missing:
        are = "is" if len(missing) == 1 else "are"
        raise NotInClassroom(f"{', '.join(missing)} {are} not set; classroom50's runner sets what its report needs.")
    if environment["ASSIGNMENT_TYPE"] not in ("individual", "group"):
        raise NotInClassroom("ASSIGNMENT_TYPE is neither individual nor group.")
    return {key: environment[name] for key, name in VARIABLES.items()}


def _submitted(tag: str) -> str:
    """When it was handed in, which decides whether it is late: from the tag, submit/2026-10-01T08-00-00Z-abc1234."""
    found = re.match(r"submit/([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}-[0-9]{2}-[0-9]{2}Z)", tag)
    try:
        time = datetime.strptime(found[1] if found else "", "%Y-%m-%dT%H-%M-%SZ")
    except ValueError:
        raise NotInClassroom("SUBMISSION_TAG does not begin with submit/ and a time in UTC.") from None
    return time.strftime(TIME)
