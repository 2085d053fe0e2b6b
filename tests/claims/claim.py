"""`claim`: ties a sentence that the lessons tell to the experiment that proves it, and to the versions it holds for."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from packaging.requirements import Requirement

EVERY_VERSION = "transformers>=4.57"


@dataclass(frozen=True)
class Claim:
    """One sentence.

    `said_in` gives, by lesson, words of its README that say it; `quiz` are the options of exercise 08 that it decides,
    as "3b"; `on_page` is True where the course's page says it, and `differs` what that page has instead; `holds`
    says for which versions, as pip would.
    """

    sentence: str
    test: str
    said_in: Mapping[str, str] = field(default_factory=dict)
    quiz: tuple[str, ...] = ()
    on_page: bool = False
    differs: str = ""
    holds: str = EVERY_VERSION

    @property
    def sources(self) -> list[str]:
        """Where it is told, shortly."""
        lessons = [name.partition("_")[0] for name in self.said_in]
        page = ["the page"] if self.on_page else ["the page, otherwise"] if self.differs else []
        return [*lessons, *(f"quiz {option}" for option in self.quiz), *page]


def claim(sentence: str, **about: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Mark a test as the proof of a sentence; `about` are the other fields of `Claim`.

    With a version for which the sentence does not hold, the test must fail, and by an assertion: so both what is true
    and since when is proven. A test may carry several claims that hold for the same versions.
    """

    def mark(test: Callable[..., None]) -> Callable[..., None]:
        made = Claim(sentence, test.__name__, **about)
        earlier: tuple[Claim, ...] = getattr(test, "claims", ())
        assert all(other.holds == made.holds for other in earlier)
        test.claims = (made, *earlier)  # type: ignore[attr-defined]
        if earlier or is_installed(made.holds):
            return test
        disproven = (AssertionError, pytest.fail.Exception)
        return pytest.mark.xfail(reason=f"holds for {made.holds}", raises=disproven, strict=True)(test)

    return mark


def is_installed(holds: str) -> bool:
    """Whether the installed version is one of these."""
    wanted = Requirement(holds)
    return wanted.specifier.contains(importlib.metadata.version(wanted.name), prereleases=True)
