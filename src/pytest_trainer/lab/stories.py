"""Short news stories as plain data: how one is drawn, and another that differs in given kinds only."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Any

from pytest_trainer.lab.grammar import COMPANIES, DAYS, FRAMES, NUMBERS, PLACES, pick

KINDS = ("company", "roles", "number", "place", "day", "negation", "act")
"""The ways in which two stories can differ."""


@dataclass(frozen=True)
class Story:
    """What happened; a meaning that the story does not have is the empty string."""

    frame: str
    act: str
    noun: str
    agent: str
    other: str
    number: str
    place: str
    day: str
    negated: bool
    future: bool


def new_story(rng: random.Random) -> Story:
    """Draw a story with a place, a day, or both."""
    name = rng.choice(list(FRAMES))
    frame, details = FRAMES[name], rng.random()
    agent, other = (*rng.sample(COMPANIES.split(), frame.companies), "", "")[:2]
    return Story(
        frame=name,
        act=pick(frame.acts, rng),
        noun=pick(frame.nouns, rng) if frame.nouns else "",
        agent=agent,
        other=other,
        number=pick(NUMBERS, rng),
        place=pick(PLACES, rng) if details < 0.8 else "",
        day=pick(DAYS, rng) if details > 0.2 else "",
        negated=frame.companies > 0 and rng.random() < 0.35,
        future=frame.companies > 0 and rng.random() < 0.5,
    )


def possible_kinds(story: Story) -> list[str]:
    """Those of `KINDS` in which another story can differ from this one."""
    impossible = {
        "company": not story.agent,
        "roles": not story.other,
        "place": not story.place,
        "day": not story.day,
        "negation": not story.agent,
    }
    return [kind for kind in KINDS if not impossible.get(kind)]


def changed(story: Story, kinds: list[str], rng: random.Random) -> Story:
    """Draw a story that differs from this one in the given kinds and in nothing else."""
    for kind in kinds:
        story = _CHANGES[kind](story, rng)
    return story


def _change_company(story: Story, rng: random.Random) -> Story:
    stranger = pick(COMPANIES, rng, but=(story.agent, story.other))
    if story.other and rng.random() < 0.5:
        return replace(story, other=stranger)
    return replace(story, agent=stranger)


def _change_act(story: Story, rng: random.Random) -> Story:
    frame = FRAMES[story.frame]
    choices = {"act": frame.acts, "noun": frame.nouns}
    field = rng.choice([field for field, words in choices.items() if len(words.split()) > 1])
    return _redrawn(story, field, choices[field], rng)


def _redrawn(story: Story, field: str, words: str, rng: random.Random) -> Story:
    drawn: dict[str, Any] = {field: pick(words, rng, but=(getattr(story, field),))}
    return replace(story, **drawn)


_CHANGES = {
    "company": _change_company,
    "roles": lambda story, _: replace(story, agent=story.other, other=story.agent),
    "number": lambda story, rng: _redrawn(story, "number", NUMBERS, rng),
    "place": lambda story, rng: _redrawn(story, "place", PLACES, rng),
    "day": lambda story, rng: _redrawn(story, "day", DAYS, rng),
    "negation": lambda story, _: replace(story, negated=not story.negated),
    "act": _change_act,
}
