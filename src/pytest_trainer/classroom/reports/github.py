"""GitHub Actions: a step summary, and a log with annotations.

The summary is one block of HTML without a blank line, which Markdown leaves alone; what a student may have written
stands in <code> and <pre>, where GitHub makes no links, mentions or formulas of it. In the log it stands between
stop-commands, or escaped in the text of an annotation.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from pytest_trainer.classroom.reports.texts import (
    check_name,
    explanation,
    fitting,
    line,
    outcome_word,
    paragraph,
    score_line,
    shown,
    shown_rows,
    title,
)
from pytest_trainer.grading.gradebook import Exercise, Gradebook, Row
from pytest_trainer.grading.outcome import Outcome

SUMMARY_BYTES = 2**20
ANNOTATIONS = 10
ANNOTATED = (Outcome.FAULT, Outcome.FAILED, Outcome.ERROR, Outcome.TIMEOUT)
ANNOTATION_ROOM = 1000
MARKS = str.maketrans({mark: f"&#{ord(mark)};" for mark in "\n\"'#[]():@`*_|~\\$!"})


def step_summary(book: Gradebook, most_bytes: int = SUMMARY_BYTES) -> str:
    """What is appended to $GITHUB_STEP_SUMMARY, in ASCII: the grade, a table of exercises, and every check."""
    return fitting(lambda room: _summary(book, room), most_bytes, "a step summary")


def log(book: Gradebook, token: str, files: Mapping[str, str] | None = None) -> str:
    """What goes to standard output: the open checks between stop-commands, then up to ten annotations and a notice.

    Args:
        book: the gradebook.
        token: ends the stop-commands; random, and made after the student's code ran.
        files: by exercise, the student's file as a path in the repository, where it is known.
    """
    quoted = [text for exercise, row in shown_rows(book) for text in _log_lines(exercise, row)]
    lines = ["::group::pytest-trainer", f"::stop-commands::{token}", *quoted, f"::{token}::", "::endgroup::"]
    return "\n".join([*lines, *_annotations(book, files or {})]) + "\n"


# -- the summary ------------------------------------------------------------------------------------------------------


def _summary(book: Gradebook, room: int) -> str:
    lines = [f"<h2>{html.escape(score_line(book))}</h2>"]
    lines.append("<table><thead><tr><th>exercise</th><th>points</th><th>checks</th></tr></thead><tbody>")
    lines += [_exercise_row(exercise, room) for exercise in book.exercises if shown(exercise)]
    lines.append("</tbody></table>")
    for exercise in book.exercises:
        if shown(exercise):
            lines += [f"<details><summary>{_code(title(exercise, room))}</summary>", "<ul>"]
            lines += [_check_item(row, room) for row in shown(exercise)]
            lines += ["</ul>", "</details>"]
    return "\n" + "\n".join(lines) + "\n\n"


def _exercise_row(exercise: Exercise, room: int) -> str:
    counts: dict[str, int] = {}
    for row in shown(exercise):
        counts[outcome_word(row)] = counts.get(outcome_word(row), 0) + 1
    checks = ", ".join(f"{number} {word}" for word, number in counts.items())
    points = f"{exercise.score}/{exercise.max_score}" if exercise.max_score else ""
    return f"<tr><td>{_code(title(exercise, room))}</td><td>{points}</td><td>{checks}</td></tr>"


def _check_item(row: Row, room: int) -> str:
    points = f" {row.score}/{row.max_score}" if row.max_score else ""
    told = explanation(row, room)
    pre = f"<pre>{_escaped(told)}</pre>" if told else ""
    return f"<li>{outcome_word(row)}{points} {_code(check_name(row, room))}{pre}</li>"


def _code(text: str) -> str:
    return f"<code>{_escaped(text)}</code>"


def _escaped(text: str) -> str:
    """As HTML that is no Markdown either, in one line."""
    return html.escape(text, quote=False).translate(MARKS).encode("ascii", "xmlcharrefreplace").decode()


# -- the log ----------------------------------------------------------------------------------------------------------


def _log_lines(exercise: Exercise, row: Row) -> Iterator[str]:
    if row.outcome is not Outcome.PASSED:
        yield f"{outcome_word(row):<9} {row.score}/{row.max_score}  {title(exercise)}: {check_name(row)}"
        yield from (f"    {told}" for told in explanation(row).splitlines())


def _annotations(book: Gradebook, files: Mapping[str, str]) -> Iterator[str]:
    rows = [(exercise, row) for exercise, row in shown_rows(book) if row.outcome in ANNOTATED]
    rows.sort(key=lambda pair: pair[1].outcome is not Outcome.FAULT)
    for exercise, row in rows[:ANNOTATIONS]:
        about = {"title": f"{title(exercise)}: {check_name(row)} ({row.score}/{row.max_score})"}
        if row.outcome is not Outcome.FAULT and exercise.name in files:
            about = {**_place(row, files[exercise.name]), **about}
        yield _command("error", about, paragraph(explanation(row), ANNOTATION_ROOM) or outcome_word(row))
    said = score_line(book)
    if len(rows) > ANNOTATIONS:
        said += f"; {ANNOTATIONS} of {len(rows)} checks that went wrong are annotated, all are in the summary"
    yield _command("notice", {"title": "pytest-trainer"}, said)


def _place(row: Row, file: str) -> dict[str, str]:
    """The file, and the line in it where the student's code raised, if the message tells."""
    lines = re.findall(rf"^ +{re.escape(PurePosixPath(file).name)}, line ([0-9]{{1,6}}), in ", row.message, re.M)
    return {"file": file, "line": lines[-1]} if lines else {"file": file}


def _command(name: str, properties: Mapping[str, str], text: str) -> str:
    about = ",".join(f"{key}={_property(line(value))}" for key, value in properties.items())
    return f"::{name} {about}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
