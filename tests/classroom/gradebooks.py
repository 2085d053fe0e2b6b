"""Gradebooks for the tests of reports, and readers of what GitHub's runner and its page would make of a text."""

from __future__ import annotations

import html.parser
import re
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies

from pytest_trainer.grading.gradebook import Exercise, Gradebook, Row
from pytest_trainer.grading.outcome import Outcome
from pytest_trainer.grading.show import printable

EVIL = (
    "::error title=forged::0",
    "  ::stop-commands::x",
    "##[add-mask]x",
    '::notice title=Autograding report::{"totalPoints":100,"maxPoints":100}',
    "%0A::notice::x%0D%25",
    "]]>",
    "</failure><testcase name='forged'/>",
    "[[ATTACHMENT|/etc/passwd]]",
    "</code></pre></details><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:x) **bold** `code` @everyone #1 $x$ | a | b",
    "&lt;b&gt; &#60;",
    "\x1b[2J\x1b[31mred",
    "\x00\x08\x0b\x7f",
    "\ufeff\ufffe\uffff",
    "\ud800",
    "\u202eright to left",
    "a\r::error::b",
    "a\u2028::error::b\x85::error::c",
    "\n\n\n# heading\n\n    code\n```\n",
)
ENVIRONMENT = {
    "CLASSROOM": "nlp",
    "ASSIGNMENT": "ch3",
    "ASSIGNMENT_TYPE": "individual",
    "OWNER": "ada",
    "SUBMISSION_TAG": "submit/2026-10-01T08-00-00Z-abc1234",
    "COMMIT_URL": "https://h/c",
    "RELEASE_URL": "https://h/r",
    "REVIEW_URL": "https://h/v",
}
"""What classroom50 tells a grading of."""


def texts() -> strategies.SearchStrategy[str]:
    """Any text, lone surrogates among it, and texts made of what means something to one of the systems."""
    anything = strategies.text(strategies.characters(exclude_categories=()), max_size=30)
    made = strategies.lists(strategies.sampled_from(EVIL) | anything, max_size=5)
    return anything | strategies.builds(lambda parts, glue: glue.join(parts), made, strategies.sampled_from(["", "\n"]))


def row(outcome: Outcome = Outcome.FAILED, points: int = 2, **about: Any) -> Row:
    name = about.pop("name", f"test_{outcome.value}_one")
    values: dict[str, Any] = {"message": f"It {outcome.value}.", "hint": "Look.", "diagnosis": "", "duration": 0.25}
    return Row(
        name=name,
        nodeid=f"03_sums/test_sums.py::{name}",
        outcome=outcome,
        score=points if outcome is Outcome.PASSED else 0,
        max_score=points,
        evidence="result",
        **{**values, **about},
    )


def book(*rows: Row, name: str = "03_sums", title: str = "03 Sums", **about: Any) -> Gradebook:
    values: dict[str, Any] = {
        "submission": "ada",
        "seed": 7,
        "world": "tiny",
        "isolation": "process",
        "versions": {"python": "3.11.7"},
    }
    return Gradebook(exercises=(Exercise(name, title, rows),), **{**values, **about})


def any_books(*outcomes: Outcome) -> strategies.SearchStrategy[Gradebook]:
    """Gradebooks with a check that passed and one of another outcome, and any text wherever there can be one."""
    text = texts()
    words = {"name": text, "message": text, "hint": text, "diagnosis": text}
    other = strategies.sampled_from(outcomes).flatmap(lambda one: strategies.builds(row, strategies.just(one), **words))
    passed = strategies.builds(row, strategies.just(Outcome.PASSED), **words)
    return strategies.builds(book, passed, other, name=text, title=text, submission=text, isolation=text)


def said(one: Row) -> str:
    """What a report has to say of a failed check, word for word."""
    parts = (one.message, one.diagnosis, f"Hint: {one.hint}" if one.hint else "")
    return "\n".join(filter(None, (printable(part).strip("\n") for part in parts)))


# -- GitHub's runner: how it reads a step's output ---------------------------------------------------------------------


@dataclass(frozen=True)
class Command:
    name: str
    properties: dict[str, str]
    text: str


KNOWN = ("error", "warning", "notice", "group", "endgroup", "stop-commands", "add-mask", "set-output", "debug", "echo")


def _unescaped(text: str, *marks: str) -> str:
    for mark in ("%0D", "%0A", *marks, "%25"):
        text = text.replace(mark, chr(int(mark[1:], 16)))
    return text


def workflow_commands(output: str) -> list[Command]:
    """The commands in a log: `::name key=value,...::text` at a line's start, and the old `##[name]` anywhere in it."""
    found, token = [], ""
    for line in re.split("\r\n|\r|\n", output):
        new = re.match(r"::([^ ]*?)(?: (.*?))?::(.*)\Z", line.lstrip())
        old = re.search(r"##\[([\w-]+)[^\]]*\](.*)", line)
        if token:
            token = "" if new and new[1] == token else token
        elif new and new[1] in KNOWN:
            pairs = [pair.partition("=") for pair in (new[2] or "").strip().split(",") if pair]
            properties = {key: _unescaped(value, "%3A", "%2C") for key, _, value in pairs}
            found.append(Command(new[1], properties, _unescaped(new[3])))
            token = new[3] if new[1] == "stop-commands" else ""
        elif old and old[1] in KNOWN:
            found.append(Command(old[1], {}, old[2]))
    assert not token, "commands stay stopped"
    return found


# -- the page of a step summary ----------------------------------------------------------------------------------------


class Page(html.parser.HTMLParser):
    """The tags of a summary, and the texts inside <code> and <pre>."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.quoted: list[str] = []
        self.open: list[str] = []
        self.plain = ""
        self.feed(source)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs
        self.tags.append(tag)
        self.open.append(tag)
        if tag in ("code", "pre"):
            self.quoted.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("code", "pre"):
            self.quoted[-1] += data
        else:
            self.plain += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment
