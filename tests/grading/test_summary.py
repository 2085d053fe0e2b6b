"""The end of a run as a student reads it: pure functions from a gradebook to lines."""

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pytest_trainer.grading.gradebook import Exercise, Gradebook, Planned, Row, build_gradebook
from pytest_trainer.grading.outcome import Outcome, Verdict
from pytest_trainer.grading.summary import Line, Style, spoken, summary_lines
from pytest_trainer.session import plain_verdict

quick = settings(deadline=None, database=None, max_examples=60)
PAGE = Style()
ASCII = Style(unicode=False)


def row(
    name: str = "test_pads_to_the_longest", outcome: Outcome = Outcome.PASSED, points: int = 4, **about: Any
) -> Row:
    words: dict[str, Any] = {"message": "", "hint": "", "diagnosis": "", "duration": 0.0} | about
    return Row(
        name=name,
        nodeid=f"02_collation/test_collation.py::{name}",
        outcome=outcome,
        score=points if outcome is Outcome.PASSED else 0,
        max_score=points,
        evidence="result",
        **words,
    )


def exercise(name: str, *rows: Row, title: str = "") -> Exercise:
    return Exercise(name, title or name.partition("_")[2].capitalize(), rows)


def book(*exercises: Exercise, seed: int = 0) -> Gradebook:
    return Gradebook("ada", seed, "tiny", "none", {}, exercises)


def page(grades: Gradebook, style: Style = PAGE, **lessons: str) -> list[str]:
    lines = summary_lines(grades, style, lessons)
    assert all(isinstance(line, Line) for line in lines)
    return [line.text for line in lines]


def columns(text: str) -> int:
    """The columns of a terminal that a line takes."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


FAILED = row(
    "test_pads_to_the_longest",
    Outcome.FAILED,
    message="input_ids, row 1, position 3: wanted 0, came back 7.\n  wanted     [1 2 3 0]\n  came back  [1 2 3 7]",
    hint="Pad with the tokenizer's pad token.",
    diagnosis="That is padding with the last token.",
    place="02_collation/collation.py:12",
    output="debugging\n  there",
)


# -- the whole page ---------------------------------------------------------------------------------------------------


def test_a_page_reads_from_the_bars_to_the_next_command() -> None:
    grades = book(
        exercise("01_tokenization", row(points=10), title="Tokenization"),
        exercise("02_collation", row("test_a", points=4), FAILED, row("test_z", Outcome.TODO), title="Collation"),
    )
    assert page(grades, **{"02_collation": "exercises/02_collation"}) == [
        "Tokenization                   ████████████████  10/10  done",
        "Collation                      █████░░░░░░░░░░░   4/12  1 failed, 1 todo",
        "total                                            14/22  tiny world, seed 0",
        "",
        "Next: Collation",
        "   02_collation/collation.py:12",
        "   check  pads to the longest (4 points)",
        "",
        "   input_ids, row 1, position 3: wanted 0, came back 7.",
        "     wanted     [1 2 3 0]",
        "     came back  [1 2 3 7]",
        "   That is padding with the last token.",
        "   your code printed:",
        "   | debugging",
        "   |   there",
        "",
        "   hint   Pad with the tokenizer's pad token.",
        "   read   exercises/02_collation/README.md",
        "   run    pytest exercises/02_collation",
    ]


def test_tones_tell_good_from_bad() -> None:
    lines = summary_lines(book(exercise("01_a", row()), exercise("02_b", FAILED), exercise("03_c")), PAGE, {})
    tones = {line.text.split()[0]: line.tone for line in lines if line.text}
    assert (tones["A"], tones["B"], tones["total"], tones["run"]) == ("good", "bad", "strong", "strong")


def test_when_all_has_passed_it_says_so() -> None:
    assert page(book(exercise("01_a", row()), exercise("02_b", row())))[-1] == "All done. Well trained!"


def test_a_full_run_carries_no_points_and_says_so() -> None:
    lines = page(book(exercise("05_training_run", row(points=0), title="Training")))
    assert "full run" in lines[0]
    assert "1/1" in lines[0]
    assert lines[-1] == "The full run holds."


def test_what_was_not_run_is_neither_done_nor_next() -> None:
    lines = page(book(exercise("01_a", row(outcome=Outcome.NOT_RUN), row("test_b"))))
    assert "1 not run" in lines[0]
    assert not any(line.startswith(("Next:", "All done")) for line in lines)


def test_an_empty_gradebook_has_a_page() -> None:
    assert page(book())[0].startswith("total")
    assert not any("done" in line.lower() for line in page(book()))


def test_verbose_lists_every_check_and_what_it_waits_for() -> None:
    waiting = row("test_b", Outcome.SKIPPED, message="waits for: pads to the longest\nmore")
    lines = page(book(exercise("02_collation", FAILED, waiting, row("test_c"))), Style(verbosity=1))
    assert lines[1:4] == [
        "  failed      0/4  pads to the longest",
        "  waiting     0/4  b: waits for: pads to the longest",
        "  passed      4/4  c",
    ]


def test_names_are_spoken_as_sentences() -> None:
    assert spoken("test_pads_only_to_the_longest") == "pads only to the longest"


def test_notes_of_passed_checks_stand_once_under_their_exercise() -> None:
    note = "Your code left 1 file(s) in the working directory (a.txt); removed."
    lines = page(book(exercise("01_a", row(message=note), row("test_b", message=note), row("test_c"))))
    assert lines[1] == f"   {note}"
    assert sum("left 1 file" in line for line in lines) == 1


@pytest.mark.parametrize(
    ("points", "of", "filled"), [(0, 8, 0), (1, 100, 0), (99, 100, 15), (100, 100, 16), (4, 8, 8), (1, 16, 1)]
)
def test_a_bar_is_full_only_when_all_is_done(points: int, of: int, filled: int) -> None:
    rows = [row(points=points)] * (points > 0) + [row(outcome=Outcome.TODO, points=of - points)] * (of > points)
    line = page(book(exercise("01_a", *rows)))[0]
    assert (line.count("█"), line.count("░")) == (filled, 16 - filled)
    line = page(book(exercise("01_a", *rows)), ASCII)[0]
    assert (line.count("#"), line.count(".")) == (filled, 16 - filled)


def test_one_point_is_no_plural() -> None:
    assert any("(1 point)" in line for line in page(book(exercise("01_a", row(outcome=Outcome.TODO, points=1)))))


@pytest.mark.parametrize("outcome", [Outcome.TODO, Outcome.ERROR, Outcome.TIMEOUT, Outcome.SKIPPED])
def test_a_hint_is_for_wrong_answers(outcome: Outcome) -> None:
    assert not any("hint" in line for line in page(book(exercise("01_a", row(outcome=outcome, hint="Pad.")))))


# -- the next step ----------------------------------------------------------------------------------------------------

rows_of = st.lists(st.sampled_from(Outcome), max_size=5).map(
    lambda outcomes: [row(f"test_check_{i}", outcome) for i, outcome in enumerate(outcomes)]
)
WAITING, DONE = Outcome.SKIPPED, (Outcome.PASSED, Outcome.NOT_RUN, Outcome.FAULT)


@quick
@given(st.lists(rows_of, max_size=4))
def test_the_next_step_is_the_first_unfinished_exercise_and_waiting_checks_come_last(
    exercises: list[list[Row]],
) -> None:
    grades = book(*(exercise(f"{i:02}_x", *rows, title=f"Title {i}") for i, rows in enumerate(exercises)))
    lines = page(grades)
    wanted = None
    for i, rows in enumerate(exercises):
        open_rows = [one for one in rows if one.outcome not in DONE]
        if open_rows:
            first = next((one for one in open_rows if one.outcome is not WAITING), open_rows[0])
            wanted = (f"Next: Title {i}", spoken(first.name))
            break
    headings = [line for line in lines if line.startswith("Next:")]
    assert headings == ([wanted[0]] if wanted else [])
    if wanted:
        assert any(line.startswith(f"   check  {wanted[1]} ") for line in lines)
        assert lines[-1].startswith("   run    pytest ")


def test_faults_come_first_and_blame_nobody() -> None:
    fault = row("test_b", Outcome.FAULT, message="RuntimeError: ours\nline\nline\nnever shown")
    lines = page(book(exercise("01_a", row("test_a", Outcome.TODO)), exercise("02_b", fault)))
    at = lines.index("A fault of the grader's own, not of your code, broke 1 check;")
    assert "02_collation/test_collation.py::test_b" in lines[at + 2]
    assert "   RuntimeError: ours" in lines
    assert not any("never shown" in line for line in lines)
    assert "Next: A" in lines[at:]


# -- the page's edges -------------------------------------------------------------------------------------------------

anything = st.text(max_size=200)
wide = st.text(st.sampled_from("数据集 測試한국語a "), max_size=200)
long_words = st.text(st.sampled_from("ab/_-."), min_size=70, max_size=200)
texts = anything | wide | long_words | st.lists(anything | long_words, max_size=4).map("\n".join)
any_row = st.builds(
    row,
    st.text(st.sampled_from("abc_"), max_size=120).map("test_{}".format),
    st.sampled_from(Outcome),
    st.integers(0, 10),
    message=texts,
    hint=texts,
    diagnosis=texts,
    output=texts,
    place=st.just("02_collation/collation.py:12"),
)
any_book = st.builds(
    lambda groups, seed: book(
        *(exercise(f"{i:02}_x", *rows, title=title) for i, (title, rows) in enumerate(groups)), seed=seed
    ),
    st.lists(st.tuples(anything.filter(str.strip) | wide.filter(str.strip), st.lists(any_row, max_size=8)), max_size=3),
    st.integers(0, 2**32),
)
styles = st.builds(Style, st.booleans(), st.just(80), st.integers(0, 1))
EVERY_OUTCOME = [row(f"test_{outcome.value}_{i}", outcome) for outcome in Outcome for i in range(11)]


@quick
@given(any_book, styles)
@example(book(exercise("01_x", *EVERY_OUTCOME)), PAGE)
@example(book(exercise("01_x", row(outcome=Outcome.FAULT, message="x" * 200))), PAGE)
@example(book(exercise("01_x", row(outcome=Outcome.FAILED, message="a" * 200))), PAGE)
@example(book(exercise("01_x", row(outcome=Outcome.FAILED, message="Wrong.\n" + "数" * 60))), PAGE)
@example(book(exercise("01_x", row(outcome=Outcome.FAILED, message="数" * 60))), PAGE)
@example(book(exercise("01_x", row(), title="数" * 30)), PAGE)
@example(book(exercise("01_x", row(message="x" * 200))), PAGE)
def test_no_line_is_wider_than_the_page(grades: Gradebook, style: Style) -> None:
    for line in page(grades, style):
        assert columns(line) <= 80, line


def taken(verdict: Verdict) -> Gradebook:
    """A gradebook with this verdict, which came the way of every report."""
    check = Planned(
        "x::test_x", "02_collation/test_x.py", "test_x", "02_collation", "Collation", 3, "result", "A hint."
    )
    about = {"submission": "ada", "seed": 0, "world": "tiny", "isolation": "none", "versions": {}}
    return build_gradebook([check], {"x::test_x": plain_verdict(verdict)}, **about)


hostile = st.text(
    st.characters(exclude_categories=()) | st.sampled_from("\x1b[2J\r\x07\x9b\u202e\u2028\t"), max_size=80
)
one_line = hostile.map(lambda text: text.replace("\n", ""))


@quick
@given(st.builds(Verdict, st.sampled_from(Outcome), hostile, hostile, one_line, hostile), st.integers(0, 1))
@example(
    Verdict(Outcome.ERROR, "\x1b[31mred\nvalue \x1b[2J", "\x1b[31m", "a.py:\x1b[31m", "a\x1b[2Jb\rc\x07\x9b1m\u202e"), 0
)
@example(Verdict(Outcome.FAULT, "\x1b[31mred"), 0)
@example(Verdict(Outcome.SKIPPED, "\x1b[31mred"), 1)
@example(Verdict(Outcome.PASSED, "\x1b[31mred"), 0)
def test_no_control_character_of_a_students_reaches_the_page(verdict: Verdict, verbosity: int) -> None:
    grades = taken(verdict)
    for line in page(grades, Style(verbosity=verbosity)):
        assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in line), repr(line)
        assert line.encode() is not None
    assert json.loads(grades.to_json().encode())["max_score"] == 3


def test_a_page_shows_what_was_printed_with_its_indentation() -> None:
    lines = page(taken(Verdict(Outcome.FAILED, "Wrong.", output="rows\n\t1\t2\n10%\r20%")))
    at = lines.index("   your code printed:")
    assert lines[at + 1 : at + 3] == ["   | rows", "   |     1   2"]
    assert lines[at + 3].startswith("   | 10%")


ascii_text = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)


@quick
@given(
    st.lists(st.tuples(st.sampled_from(Outcome), ascii_text, ascii_text), max_size=6),
    st.integers(0, 1),
)
def test_the_ascii_style_adds_nothing_but_ascii(rows: list[tuple[Outcome, str, str]], verbosity: int) -> None:
    checks = [row(f"test_{i}", outcome, message=m, output=o, hint=m) for i, (outcome, m, o) in enumerate(rows)]
    lines = page(book(exercise("01_x", *checks, title="x" * 50)), Style(False, 80, verbosity))
    assert all(line.isascii() for line in lines)


def test_the_path_and_the_command_are_never_broken() -> None:
    folder = "/".join(["a-long-folder-name"] * 6)
    place = f"{folder}/collation.py:3"
    grades = book(exercise("02_collation", row(outcome=Outcome.TODO, place=place)))
    lines = page(grades, **{"02_collation": folder})
    assert f"   {place}" in lines
    assert lines[-1].endswith(folder)


def test_a_wide_page_is_used_and_a_narrow_one_kept() -> None:
    grades = book(exercise("01_x", row(outcome=Outcome.FAILED, message="word " * 60)))
    assert max(map(len, page(grades, Style(width=120)))) > 100
    assert len(page(grades, Style(width=120))) < len(page(grades, Style(width=80)))
