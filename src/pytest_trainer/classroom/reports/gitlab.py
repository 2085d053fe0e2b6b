"""The JUnit XML that GitLab shows in merge requests: one suite for each exercise. It carries no grade."""

from __future__ import annotations

from collections import Counter
from xml.etree import ElementTree

from pytest_trainer.classroom.reports.texts import check_name, explanation, fitting, line, outcome_word, shown, title
from pytest_trainer.grading.gradebook import Exercise, Gradebook, Row
from pytest_trainer.grading.outcome import Outcome

MOST_BYTES = 30 * 10**6 - 1
ELEMENTS = {
    Outcome.FAILED: "failure",
    Outcome.ERROR: "failure",
    Outcome.TIMEOUT: "failure",
    Outcome.TODO: "failure",
    Outcome.FAULT: "error",
    Outcome.SKIPPED: "skipped",
    Outcome.NOT_RUN: "skipped",
}


def junit(book: Gradebook) -> str:
    """The XML. A fault of ours is an <error>; what the student's code did wrong, or has still to do, a <failure>.

    There is no <system-out>, in which GitLab would look for attachments.
    """
    return fitting(lambda room: _xml(book, room), MOST_BYTES, "GitLab")


def _xml(book: Gradebook, room: int) -> str:
    root = ElementTree.Element("testsuites")
    for exercise in book.exercises:
        if shown(exercise):
            _suite(root, exercise, room)
    ElementTree.indent(root)
    xml: bytes = ElementTree.tostring(root, encoding="us-ascii", xml_declaration=True)
    return xml.decode("ascii") + "\n"


def _suite(root: ElementTree.Element, exercise: Exercise, room: int) -> None:
    rows = shown(exercise)
    kinds = Counter(ELEMENTS.get(row.outcome, "passed") for row in rows)
    counts = {"tests": len(rows), "failures": kinds["failure"], "errors": kinds["error"], "skipped": kinds["skipped"]}
    attributes = {name: str(count) for name, count in counts.items()}
    suite = ElementTree.SubElement(root, "testsuite", {"name": title(exercise, room), **attributes})
    names: Counter[str] = Counter()
    for row in rows:
        name = check_name(row, room)
        names[name] += 1
        _case(suite, exercise, row, name if names[name] == 1 else f"{name} ({names[name]})", room)


def _case(suite: ElementTree.Element, exercise: Exercise, row: Row, name: str, room: int) -> None:
    attributes = {
        "classname": line(exercise.name),
        "name": name,
        "file": line(row.nodeid.partition("::")[0]),
        "time": f"{row.duration:.3f}",
    }
    case = ElementTree.SubElement(suite, "testcase", attributes)
    if row.outcome in ELEMENTS:
        points = f"{outcome_word(row)} ({row.score}/{row.max_score})"
        told = ElementTree.SubElement(case, ELEMENTS[row.outcome])
        told.text = "\n".join(filter(None, (points, explanation(row, room))))
