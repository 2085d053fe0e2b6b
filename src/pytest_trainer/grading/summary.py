"""The lines that a student reads at the end of a run: progress, total, one next step. Pure functions."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pytest_trainer.grading.gradebook import Exercise, Gradebook, Row, unfinished
from pytest_trainer.grading.outcome import Outcome

BAR = 16
TITLE = 30
UNBROKEN = ("   read   ", "   run    ")
COUNTED = {
    Outcome.FAILED: "failed",
    Outcome.ERROR: "broken",
    Outcome.TIMEOUT: "timed out",
    Outcome.TODO: "todo",
    Outcome.SKIPPED: "waiting",
    Outcome.NOT_RUN: "not run",
    Outcome.FAULT: "fault",
}


@dataclass(frozen=True, slots=True)
class Style:
    """How the summary may look: block characters or plain ASCII, the width of the page, `-v` as 1."""

    unicode: bool = True
    width: int = 80
    verbosity: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One line and its tone: "good", "bad", "strong", "faint" or none."""

    text: str = ""
    tone: str = ""


def summary_lines(book: Gradebook, style: Style, lessons: Mapping[str, str]) -> list[Line]:
    """Everything from the first exercise's bar to the next command to type.

    `lessons` gives, by exercise, the path of its folder as the student would type it.
    """
    lines = []
    for exercise in book.exercises:
        lines.append(_progress(exercise, style))
        lines += _notes(exercise, style)
        if style.verbosity > 0:
            lines += [_check_line(row, style) for row in exercise.checks]
    lines.append(_total(book))
    lines.append(Line())
    lines += _next_step(book, style, lessons)
    return [Line(line.text.rstrip(), line.tone) for line in lines]


def spoken(name: str) -> str:
    """A check's name as a sentence: test_pads_to_the_longest -> 'pads to the longest'."""
    return name.removeprefix("test_").replace("_", " ")


def _bar(score: int, of: int, style: Style) -> str:
    full, empty = ("█", "░") if style.unicode else ("#", ".")
    filled = BAR * score // of if of else 0
    return full * filled + empty * (BAR - filled)


def _progress(exercise: Exercise, style: Style) -> Line:
    title = _clipped(exercise.title, TITLE, "...")
    title += " " * (TITLE - columns(title))
    counts = [f"{number} {word}" for outcome, word in COUNTED.items() if (number := exercise.count(outcome))]
    if not exercise.max_score:
        done = exercise.count(Outcome.PASSED)
        text = f"{title} {'full run':<{BAR}} {done:>3}/{len(exercise.checks):<3} {', '.join(counts)}"
    else:
        bar = _bar(exercise.score, exercise.max_score, style)
        text = f"{title} {bar} {exercise.score:>3}/{exercise.max_score:<3} {', '.join(counts) or 'done'}"
    return Line(_clipped(text, style.width, "..."), _tone(exercise))


def _tone(exercise: Exercise) -> str:
    if exercise.count(Outcome.FAILED, Outcome.ERROR, Outcome.TIMEOUT, Outcome.FAULT):
        return "bad"
    return "good" if exercise.count(Outcome.PASSED) == len(exercise.checks) else ""


def _total(book: Gradebook) -> Line:
    score = f"{'total':<{TITLE + BAR + 1}} {book.score:>3}/{book.max_score:<3}"
    full = f"{score} {book.world} world, seed {book.seed}"
    return Line(full if len(full) <= 80 else f"{score} seed {book.seed}", "strong")


def _notes(exercise: Exercise, style: Style) -> Iterator[Line]:
    said = dict.fromkeys(
        note
        for row in exercise.checks
        if row.outcome in (Outcome.PASSED, Outcome.NOT_RUN)
        for note in row.message.splitlines()
    )
    for note in said:
        yield from _wrapped(note, style, "   ")


def _check_line(row: Row, style: Style) -> Line:
    word = "passed" if row.outcome is Outcome.PASSED else COUNTED[row.outcome]
    points = f"{row.score}/{row.max_score}" if row.max_score else ""
    text = f"  {word:<9} {points:>5}  {spoken(row.name)}"
    if row.message and row.outcome is Outcome.SKIPPED:
        text += f": {row.message.splitlines()[0]}"
    return Line(_clipped(text, style.width - 1, "..."), "faint")


def _next_step(book: Gradebook, style: Style, lessons: Mapping[str, str]) -> Iterator[Line]:
    faults = [row for row in book.rows if row.outcome is Outcome.FAULT]
    if faults:
        many = f"{len(faults)} check{'s' * (len(faults) != 1)}"
        yield Line(f"A fault of the grader's own, not of your code, broke {many};", "bad")
        yield Line("the points are open. Please show your teacher this report:", "bad")
        yield from _wrapped(faults[0].nodeid, style, "   ")
        yield from (Line(_cut(f"   {line}", style)) for line in faults[0].message.splitlines()[:3])
        yield Line()
    for exercise in book.exercises:
        rows = [row for row in unfinished(exercise.checks) if row.outcome is not Outcome.FAULT]
        rows.sort(key=lambda row: row.outcome is Outcome.SKIPPED)
        if rows:
            yield from _unfinished(exercise, rows[0], style, lessons.get(exercise.name, exercise.name), book.world)
            return
    if book.rows and all(row.outcome is Outcome.PASSED for row in book.rows):
        yield Line("All done. Well trained!" if book.max_score else "The full run holds.", "good")


def _unfinished(exercise: Exercise, row: Row, style: Style, folder: str, world: str) -> Iterator[Line]:
    yield Line(_cut(f"Next: {exercise.title}", style), "strong")
    if row.place:
        yield Line(f"   {row.place}", "strong")
    points = f" ({row.max_score} point{'s' if row.max_score > 1 else ''})" if row.max_score else ""
    yield from _wrapped(f"{spoken(row.name)}{points}", style, "   check  ")
    yield Line()
    sentence, *values = row.message.splitlines() or [""]
    yield from _wrapped(sentence, style, "   ", "bad" if row.outcome is not Outcome.TODO else "")
    yield from (Line(_cut(f"   {line}", style)) for line in values)
    if row.diagnosis:
        yield from _wrapped(row.diagnosis, style, "   ")
    if row.output:
        yield Line("   your code printed:", "faint")
        yield from (Line(_cut(f"   | {line}", style), "faint") for line in row.output.splitlines())
    yield Line()
    if row.hint and row.outcome is Outcome.FAILED:
        yield from _wrapped(row.hint, style, "   hint   ")
    yield from _wrapped(f"{folder}/README.md", style, "   read   ")
    again = f"pytest {folder}" if world == "tiny" else "the same command again"
    yield from _wrapped(again, style, "   run    ", "strong")


def _cut(line: str, style: Style) -> str:
    return _clipped(line, style.width, " ...")


def columns(text: str) -> int:
    """The columns of a terminal that a text takes: two for a wide character, none for a combining one."""
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def _clipped(text: str, room: int, ending: str) -> str:
    if columns(text) <= room:
        return text
    return _head(text, room - len(ending)).rstrip() + ending


def _head(text: str, room: int) -> str:
    """As much of the text as `room` columns hold."""
    taken = 0
    for i, c in enumerate(text):
        taken += columns(c)
        if taken > room:
            return text[:i]
    return text


def _wrapped(text: str, style: Style, lead: str, tone: str = "") -> Iterator[Line]:
    """The text in lines that fit; only a path or a command to be copied stays whole, however long."""
    room, line = style.width - 1, lead
    for word in text.split():
        if line.strip() and line != lead and columns(line) + 1 + columns(word) > room:
            yield Line(line, tone)
            line = " " * len(lead)
        line += word if line in (lead, " " * len(lead)) else f" {word}"
        while columns(line) > room and lead not in UNBROKEN:
            head = _head(line, room)
            yield Line(head, tone)
            line = " " * len(lead) + line[len(head) :]
    if line.strip() and line != lead:
        yield Line(line, tone)
