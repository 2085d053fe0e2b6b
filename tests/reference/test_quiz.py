"""The quiz: its lesson shows the questions word for word, every wrong letter is explained, and none needs torch."""

import re
from collections import Counter
from pathlib import Path

import pytest

from course import run_pytest
from pytest_trainer.reference import quiz
from pytest_trainer.reference.quiz import LETTERS, QUESTIONS, letter_in

ROOT = Path(__file__).parent.parent.parent
EXERCISE = ROOT / "exercises" / "08_quiz"
WRONG = {number: [letter for letter in LETTERS if letter != question.right] for number, question in QUESTIONS.items()}


def shown_questions() -> str:
    """The lesson's section with the questions, however its lines are broken."""
    lesson = (EXERCISE / "README.md").read_text(encoding="utf-8")
    _, _, section = lesson.partition("\n## The questions\n")
    return " ".join(section.partition("\n## ")[0].split())


def test_the_lesson_shows_these_questions_and_options() -> None:
    wanted = []
    for number, question in QUESTIONS.items():
        wanted += [f"### Question {number} {question.text}"]
        wanted += [f"- **{letter}** {option}" for letter, option in question.options.items()]
    assert shown_questions() == " ".join(wanted)


def test_each_question_has_four_options_and_explains_the_three_that_are_wrong() -> None:
    assert list(QUESTIONS) == [1, 2, 3, 4, 5, 6]
    for number, question in QUESTIONS.items():
        assert list(question.options) == list(LETTERS)
        assert list(question.why_not) == WRONG[number]
        assert len(set(question.why_not.values())) == 3


def test_right_options_do_not_give_themselves_away() -> None:
    letters = Counter(question.right for question in QUESTIONS.values())
    assert letters.keys() == set(LETTERS)
    assert max(letters.values()) <= 2
    longest = [
        max(question.options, key=lambda letter: len(question.options[letter])) for question in QUESTIONS.values()
    ]
    assert sum(question.right == letter for question, letter in zip(QUESTIONS.values(), longest, strict=True)) <= 2


def test_right_letters_stand_nowhere_in_the_exercise() -> None:
    for file in EXERCISE.glob("*.*"):
        text = file.read_text(encoding="utf-8")
        assert not any(why in text for question in QUESTIONS.values() for why in question.why_not.values())
        for number, question in QUESTIONS.items():
            assert not re.search(rf"\b{number}\W{{1,6}}{question.right}\b", text), f"{file.name}, question {number}"


@pytest.mark.parametrize(
    "answer", ["b", "B", " b ", "(b)", "b.", "b)", "B:", "\tb\n", "'b'", "**b**", "[b]", "ｂ", "Ⓑ"]
)
def test_a_letter_may_be_written_in_any_way(answer: str) -> None:
    assert letter_in(answer) == "b"


@pytest.mark.parametrize(
    "answer", ["", "e", "bb", "b, c", "a b", "2", "option b", "з", "с", "а", 1, None, ["b"], b"b", True]
)
def test_anything_else_is_no_letter(answer: object) -> None:
    assert letter_in(answer) is None


def answers_file(folder: Path, letters: dict[int, str]) -> None:
    folder.mkdir()
    (folder / "quiz.py").write_text(f"ANSWERS = {letters!r}\n", encoding="utf-8")


@pytest.mark.parametrize("choice", range(3))
def test_every_wrong_letter_gets_its_own_explanation(tmp_path: Path, choice: int) -> None:
    letters = {number: wrong[choice] for number, wrong in WRONG.items()}
    answers_file(tmp_path / "ann", letters)
    run = run_pytest(tmp_path, str(EXERCISE), "--submission", "ann", "-p", "no:cacheprovider")
    for (number, letter), row in zip(letters.items(), run.rows.values(), strict=True):
        question = QUESTIONS[number]
        assert row["outcome"] == "failed"
        assert row["message"] == f"Question {number} is not answered by {letter}: {question.options[letter]}"
        assert row["diagnosis"] == question.why_not[letter]


LOADED = """
import sys


def pytest_unconfigure():
    print("loaded:", *sorted(name for name in sys.modules if "." not in name))
"""


def test_right_answers_are_graded_without_the_libraries(tmp_path: Path) -> None:
    answers_file(tmp_path / "ann", {number: question.right for number, question in QUESTIONS.items()})
    (tmp_path / "tells.py").write_text(LOADED)
    options = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-p", "tells")
    run = run_pytest(tmp_path, str(EXERCISE), "--submission", "ann", *options, PYTHONPATH=str(tmp_path))
    assert (run.book["score"], run.book["max_score"]) == (6, 6)
    [loaded] = [line for line in run.lines if line.startswith("loaded:")]
    assert not {"torch", "transformers", "datasets", "evaluate", "hypothesis"} & set(loaded.split())


def test_a_question_without_an_answer_is_todo_however_the_dict_is_made(tmp_path: Path) -> None:
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann" / "quiz.py").write_text('ANSWERS = dict.fromkeys(range(1, 6))\nANSWERS[3] = "c"\n')
    run = run_pytest(tmp_path, str(EXERCISE), "--submission", "ann", "-p", "no:cacheprovider")
    assert list(run.outcomes.values()) == ["todo", "todo", "passed", "todo", "todo", "todo"]
    messages = [row["message"] for row in run.rows.values()]
    assert messages[0] == "ANSWERS[1] is still to answer; the lesson has the question."
    assert messages[5] == "ANSWERS[6] is still to answer; the lesson has the question."


WANTED = 'ANSWERS[1]: wanted one letter in quotes, "a", "b", "c" or "d", came back'
KEYS = "keep the stub's, with a letter for each of the keys 1 to 6."


@pytest.mark.parametrize(
    ("text", "message", "diagnosis"),
    [
        ("ANSWERS = {1: 2}\n", f"{WANTED} an int.", "by its letter, not by its place"),
        ("ANSWERS = {1: 'e'}\n", f"{WANTED} 'e'.", "No option has this letter"),
        ("answers = {1: 'b'}\n", f"quiz.py has no dict ANSWERS; {KEYS}", ""),
        ("ANSWERS = ['b']\n", f"quiz.py has no dict ANSWERS; {KEYS}", ""),
        (
            "ANSWERS = {0: 'b'}\n",
            f"ANSWERS begins with the key 0, and question 1 has the key 1; {KEYS}",
            "Python counts from 0",
        ),
    ],
)
def test_what_is_no_letter_gets_its_sentences(tmp_path: Path, text: str, message: str, diagnosis: str) -> None:
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann" / "quiz.py").write_text(text)
    run = run_pytest(tmp_path, f"{EXERCISE}/test_quiz.py", "--submission", "ann", "-p", "no:cacheprovider")
    row = run.rows["08_quiz::test_knows_what_processing_class_is_for"]
    assert (row["outcome"], row["message"]) == ("failed", message)
    assert diagnosis in row["diagnosis"]
    assert bool(diagnosis) == bool(row["diagnosis"])


def test_a_letter_without_quotes_is_explained(tmp_path: Path) -> None:
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann" / "quiz.py").write_text("ANSWERS = {1: a}\n")
    run = run_pytest(tmp_path, f"{EXERCISE}/test_quiz.py", "--submission", "ann", "-p", "no:cacheprovider")
    row = run.rows["08_quiz::test_knows_what_processing_class_is_for"]
    assert (row["outcome"], row["diagnosis"]) == ("error", quiz.WITHOUT_QUOTES)


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("Loading quiz.py raised NameError: name 'd' is not defined", True),
        ("Loading quiz.py raised NameError: name 'B' is not defined", True),
        ("Loading quiz.py raised NameError: name 'e' is not defined", False),
        ("Loading quiz.py raised NameError: name 'answers' is not defined", False),
    ],
)
def test_letters_without_quotes_are_known_by_the_exception(message: str, wanted: bool) -> None:
    assert quiz.without_quotes(message) is wanted


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (["a", "b"], "more than one letter"),
        ("a, b", "more than one letter"),
        ("b or d", "more than one letter"),
        (1, "not by its place"),
        ("`eval_strategy`", "words of an option"),
        ("it is eval_strategy", "words of an option"),
        ("whenever I say so", ""),
        ("eval", "words of an option"),
        ("f", "No option has this letter"),
        ("?", ""),
        (None, ""),
        (len, ""),
    ],
)
def test_what_is_no_letter_is_explained_where_it_tells(answer: object, words: str) -> None:
    said = quiz.which_answer(answer, QUESTIONS[2])
    assert words in said
    assert bool(words) == bool(said)
