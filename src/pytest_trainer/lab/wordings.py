"""The many English wordings of a story. Two wordings of one story are paraphrases.

Who reported a story, and whether anybody did, is no part of it and differs freely.
"""

from __future__ import annotations

import random
import re

from pytest_trainer.lab.grammar import CONTRACTIONS, FRAMES, LAYOUTS, NOUNS, RECEIVE, VERBS, pick
from pytest_trainer.lab.stories import Story

Word = tuple[str, str]
"""A word and the meaning that it carries in its story, "" if none; such as `("lorries", "noun:trucks")`."""


def wording(story: Story, rng: random.Random) -> list[Word]:
    """Draw one of the story's wordings."""
    writer = _Writer(story, rng)
    writer.write(rng.choice([layout for layout in LAYOUTS if _can_open(layout, story)]))
    return writer.words


def two_wordings(story: Story, other: Story, rng: random.Random) -> tuple[list[Word], list[Word]]:
    """Draw a wording of each story, not the same words twice."""
    while True:
        first, second = wording(story, rng), wording(other, rng)
        if first != second:
            return first, second


def sentence(words: list[Word]) -> str:
    """The words as written English."""
    line = re.sub(r" (?=[,.])", "", " ".join(word for word, _ in words))
    return line[0].upper() + line[1:]


def _can_open(layout: str, story: Story) -> bool:
    if layout.startswith("{day}"):
        return bool(story.day)
    return bool(story.place) or not layout.startswith("{place}")


class _Writer:
    """Fills the slots of a layout and of its clause, word by word."""

    def __init__(self, story: Story, rng: random.Random) -> None:
        self.story = story
        self.rng = rng
        self.words: list[Word] = []
        self.told: set[str] = set()

    def write(self, template: str) -> None:
        for token in template.split():
            if token[0] == "{":
                getattr(self, "slot_" + token[1:-1])()
            else:
                self._say(token)

    def _say(self, words: str, meaning: str = "") -> None:
        self.words += [(word, meaning) for word in words.split()]

    def _pick(self, words: str) -> str:
        return pick(words, self.rng)

    def slot_clause(self) -> None:
        self.write(self.rng.choice(FRAMES[self.story.frame].clauses))

    def slot_source(self) -> None:
        self._say(self._pick(FRAMES[self.story.frame].sources))

    def slot_said(self) -> None:
        self._say(self._pick("said reported confirmed"))

    def slot_place(self) -> None:
        self._tell_once("in", "place", self.story.place)

    def slot_day(self) -> None:
        self._tell_once("on", "day", self.story.day)

    def _tell_once(self, preposition: str, slot: str, value: str) -> None:
        if value and slot not in self.told:
            self.told.add(slot)
            self._say(preposition)
            self._say(value, f"{slot}:{value}")

    def slot_agent(self) -> None:
        self._say(self.story.agent, f"agent:{self.story.agent}")

    def slot_owner(self) -> None:
        self._say(self.story.agent + "'s", f"agent:{self.story.agent}")

    def slot_other(self) -> None:
        self._say(self.story.other, f"other:{self.story.other}")

    def slot_noun(self) -> None:
        self._say(self._pick(NOUNS[self.story.noun]), f"noun:{self.story.noun}")

    def slot_number(self, form: str = "{}") -> None:
        self._say(form.format(self.story.number), f"number:{self.story.number}")

    def slot_total(self) -> None:
        if not self.words:  # English does not open a sentence with figures
            self._say("a total of")
        self.slot_number()

    def slot_percent(self) -> None:
        if self.rng.random() < 0.5:
            self.slot_number("{}%")
        else:
            self.slot_number()
            self._say("percent")

    def slot_money(self) -> None:
        in_dollars = self.rng.random() < 0.5
        self.slot_number("{}" if in_dollars else "${}")
        self._say("million dollars" if in_dollars else "million")

    def slot_for(self) -> None:
        self._say("with" if self.story.act == "fund" else "for")

    def slot_does(self) -> None:
        self._verb(VERBS[self.story.act])

    def slot_was_done(self) -> None:
        self._verb(VERBS[self.story.act], be="was")

    def slot_were_done(self) -> None:
        self._verb(VERBS[self.story.act], be="were")

    def slot_receives(self) -> None:
        self._verb(RECEIVE)

    def slot_sees(self) -> None:
        self._verb("see/saw/seen", meaning="")

    def slot_base(self) -> None:
        self._say(self._pick(VERBS[self.story.act]).split("/")[0], f"act:{self.story.act}")

    def _verb(self, wordings: str, be: str = "", meaning: str | None = None) -> None:
        """Say a verb in the story's tense and polarity, passive if `be` is given."""
        base, past, participle = self._pick(wordings).split("/")
        auxiliary = self._auxiliary(be)
        if auxiliary:
            self._say_auxiliary(auxiliary)
        if be and self.story.future:
            self._say("be")
        form = participle if be else base if auxiliary else past
        self._say(form, f"act:{self.story.act}" if meaning is None else meaning)

    def _auxiliary(self, be: str) -> str:
        if self.story.future:
            reported = ("that", "") in self.words
            return self._pick("will would") if reported else "will"
        return be or ("did" if self.story.negated else "")

    def _say_auxiliary(self, auxiliary: str) -> None:
        if self.story.negated and self.rng.random() < 0.5:
            self._say(CONTRACTIONS[auxiliary], "negation")
            return
        self._say(auxiliary)
        if self.story.negated:
            self._say("not", "negation")
