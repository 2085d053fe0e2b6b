"""The claims as a whole: docs/claims.md has them, the lessons still say them, and the quiz rests on them."""

from pathlib import Path

import pytest

from claims import write
from claims.claim import Claim, is_installed
from pytest_trainer.reference.quiz import LETTERS, QUESTIONS

ROOT = Path(__file__).parent.parent.parent
LESSONS = sorted((ROOT / "exercises").glob("[0-9]*_*/README.md"))


@pytest.fixture(scope="module")
def claims() -> list[Claim]:
    return [claim for module in write.claim_modules() for claim in write.claims_of(module)]


def test_the_document_is_what_the_command_writes() -> None:
    written = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")
    assert written == write.text(), "run python tests/claims/write.py"


def test_every_lesson_still_says_what_is_proven(claims: list[Claim]) -> None:
    lessons = {
        path.parent.name: " ".join(path.read_text(encoding="utf-8").split())
        for path in (ROOT / "exercises").glob("*/README.md")
    }
    gone = [
        (lesson, words) for claim in claims for lesson, words in claim.said_in.items() if words not in lessons[lesson]
    ]
    assert not gone


def test_every_lesson_has_claims(claims: list[Claim]) -> None:
    told_in = {lesson for claim in claims for lesson in claim.said_in}
    assert told_in == {path.parent.name for path in LESSONS}


def test_every_option_of_the_quiz_is_decided_by_an_experiment(claims: list[Claim]) -> None:
    decided = {option for claim in claims for option in claim.quiz}
    assert decided == {f"{number}{letter}" for number in QUESTIONS for letter in LETTERS}


def test_every_claim_is_told_somewhere(claims: list[Claim]) -> None:
    assert not [claim.sentence for claim in claims if not claim.sources]


def test_no_sentence_is_claimed_twice(claims: list[Claim]) -> None:
    sentences = [claim.sentence for claim in claims]
    assert sorted(set(sentences)) == sorted(sentences)


def test_versions_are_read_as_pip_reads_them() -> None:
    assert is_installed("transformers>=4.57")
    assert not is_installed("transformers<4.57")
    assert not is_installed("transformers>=4.57,<4.57.1")
