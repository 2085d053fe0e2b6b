"""The words of `@check`: what they become, and the sentence that refuses a mistake."""

from pathlib import Path

import pytest

from pytest_trainer.grading.check import Check, CheckWordError, checks_in_source, parse_check

NODE = "01_adding/test_adding.py::test_adds"
GOOD = {"points": 3, "needs": "add"}


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (GOOD, Check(3, ("add",))),
        ({**GOOD, "needs": ("add", "sub")}, Check(3, ("add", "sub"))),
        ({**GOOD, "needs": ["add", "sub"]}, Check(3, ("add", "sub"))),
        ({**GOOD, "hint": "Plus.", "after": "test_one"}, Check(3, ("add",), "Plus.", after="test_one")),
        ({**GOOD, "evidence": "observation"}, Check(3, ("add",), evidence="observation")),
        ({"needs": "add", "full_run": True}, Check(0, ("add",), full_run=True)),
    ],
)
def test_words_become_a_check(words: dict[str, object], wanted: Check) -> None:
    assert parse_check(words, NODE) == wanted


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            {**GOOD, "hints": "x"},
            "@check has no word 'hints'; it knows points, needs, hint, evidence, after, full_run.",
        ),
        ({"needs": "add"}, "@check(points=...) is a whole number of at least 1, not None."),
        ({**GOOD, "points": 0}, "@check(points=...) is a whole number of at least 1, not 0."),
        ({**GOOD, "points": -2}, "@check(points=...) is a whole number of at least 1, not -2."),
        ({**GOOD, "points": 1.0}, "@check(points=...) is a whole number of at least 1, not 1.0."),
        ({**GOOD, "points": True}, "@check(points=...) is a whole number of at least 1, not True."),
        ({"points": 3}, "@check(needs=...) is the name of a function of the student's, or a tuple of names, not None."),
        ({**GOOD, "needs": ()}, "@check(needs=...) is the name of a function"),
        ({**GOOD, "needs": ("add", 3)}, "@check(needs=...) is the name of a function"),
        ({**GOOD, "needs": {"add": 1}}, "@check(needs=...) is the name of a function"),
        ({**GOOD, "hint": None}, "@check(hint=...) is a sentence, not None."),
        ({**GOOD, "evidence": "results"}, "@check(evidence=...) is 'result' or 'observation', not 'results'."),
        ({**GOOD, "after": 1}, "@check(after=...) is the name of a check in the same file, not 1."),
        ({**GOOD, "full_run": 1}, "@check(full_run=...) is True or False, not 1."),
        ({**GOOD, "full_run": True}, "@check(points=...) is left out of a full run, which carries no points, not 3."),
    ],
)
def test_a_mistake_is_refused_with_node_id_word_and_what_is_allowed(words: dict[str, object], sentence: str) -> None:
    with pytest.raises(CheckWordError) as refused:
        parse_check(words, NODE)
    assert str(refused.value).startswith(f"{NODE}: {sentence}")


SOURCE = """
from pytest_trainer import check, given
import no_such_module


@check(points=3, needs="add", hint="Plus.")
def test_one(submission): ...


@check(points=2, needs=("add", "sub"))
@given(a=no_such_module.numbers)
def test_two(submission, a): ...


@check(full_run=True, needs="add")
def test_three(submission): ...


def helper(): ...
"""


def test_checks_are_read_from_a_file_that_cannot_be_imported(tmp_path: Path) -> None:
    file = tmp_path / "test_adding.py"
    file.write_text(SOURCE)
    assert checks_in_source(file) == [
        ("test_one", Check(3, ("add",), "Plus.")),
        ("test_two", Check(2, ("add", "sub"))),
        ("test_three", Check(0, ("add",), full_run=True)),
    ]


def test_words_that_are_constants_of_the_file_count_too(tmp_path: Path) -> None:
    """Exercise 05 writes `needs=BOTH, after=TRAINS`; its points must not vanish when it cannot be imported."""
    file = tmp_path / "test_adding.py"
    file.write_text(
        'BOTH = ("add", "sub")\nFIRST = "test_one"\n\n\n'
        "@check(points=2, needs=BOTH, after=FIRST)\ndef test_two(submission): ...\n"
    )
    assert [(name, found.points) for name, found in checks_in_source(file)] == [("test_two", 2)]


def test_a_file_that_is_not_python_has_no_checks(tmp_path: Path) -> None:
    file = tmp_path / "test_adding.py"
    file.write_text("def test_one(:\n")
    assert checks_in_source(file) == []
    assert checks_in_source(tmp_path / "missing.py") == []
