"""What the tiny BERT is pretrained on: pairs of wordings as token ids, and targets that never hold the label.

The targets ask what each word means, whether the other sentence says it too, and in which kinds of meaning
the two stories differ; whether they differ at all is left to fine-tuning.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_trainer.lab.grammar import FRAMES
from pytest_trainer.lab.paraphrases import paraphrases
from pytest_trainer.lab.stories import KINDS, Story, changed, new_story, possible_kinds
from pytest_trainer.lab.wordings import Word, sentence, two_wordings
from pytest_trainer.lab.wordpiece import SPECIAL_TOKENS, basic_tokens, vocabulary

if TYPE_CHECKING:
    from torch import Tensor

IGNORED = -100
"""The target of a position that a lesson does not ask about, as in `torch.nn.functional.cross_entropy`."""

FEATURES = (*KINDS, *FRAMES)
"""What the pooler learns to tell of a pair: in which kinds its two stories differ, and their topic."""


@dataclass(frozen=True)
class Lesson:
    """A pair of wordings, in which kinds their stories differ, and the first story's frame."""

    first: list[Word]
    second: list[Word]
    kinds: list[str]
    frame: str


@dataclass(frozen=True)
class Codes:
    """The numbers of the vocabulary's pieces and of the meanings that a word can carry."""

    pieces: dict[str, int]
    meanings: dict[str, int]


@dataclass(frozen=True)
class Row:
    """A lesson as numbers; the fields as in `Batch`, before padding."""

    input_ids: list[int]
    token_type_ids: list[int]
    meanings: list[int]
    matches: list[int]
    features: list[bool]


@dataclass(frozen=True)
class Batch:
    """Lessons padded to the longest: integer tensors (rows, length), but for `features`.

    `meanings` is each token's meaning in its story. `matches` is 1 if that meaning occurs in the other
    sentence too, 0 if it does not; both are `IGNORED` on padding, `matches` also where there is no meaning.
    `features` (rows, len(FEATURES)) is 1.0 for each feature that the pair has.
    """

    input_ids: Tensor
    token_type_ids: Tensor
    attention_mask: Tensor
    meanings: Tensor
    matches: Tensor
    features: Tensor


@dataclass(frozen=True)
class Lessons:
    """Lessons without end: a generator, the sentences that it must not draw, and the codes."""

    rng: random.Random
    forbidden: set[str]
    codes: Codes

    def batch(self, choose: Choice, rows: int) -> Batch:
        """Draw the next lessons."""
        return padded([encode(draw(choose, self.rng, self.forbidden), self.codes) for _ in range(rows)])


Choice = Callable[[Story, random.Random], tuple[Story, list[str]]]
"""Draws a pair's second story, with the kinds in which it differs from the first."""


def many_differences(story: Story, rng: random.Random) -> tuple[Story, list[str]]:
    """Each possible kind of difference with probability 0.3."""
    kinds = [kind for kind in possible_kinds(story) if rng.random() < 0.3]
    return changed(story, kinds, rng), kinds


def few_differences(story: Story, rng: random.Random) -> tuple[Story, list[str]]:
    """No difference (with probability 0.4) or one."""
    kinds = [] if rng.random() < 0.4 else rng.sample(possible_kinds(story), 1)
    return changed(story, kinds, rng), kinds


def unrelated(_: Story, rng: random.Random) -> tuple[Story, list[str]]:
    """Another story altogether; the kinds of difference mean nothing here."""
    return new_story(rng), []


def new_lessons(seed: int) -> Lessons:
    """Learn the codes from drawn lessons; no sentence of the default data set is ever drawn."""
    rng = random.Random(f"lessons {seed}")
    forbidden = _default_sentences()
    drawn = [draw(many_differences, rng, forbidden) for _ in range(4000)]
    words = [word for lesson in drawn for word in (*lesson.first, *lesson.second)]
    pieces = vocabulary(text for text, _ in words)
    meanings = sorted({"", *(meaning for _, meaning in words)})
    return Lessons(rng, forbidden, Codes(_numbered(pieces), _numbered(meanings)))


def _default_sentences() -> set[str]:
    pairs = [pair for split in paraphrases().values() for pair in split]
    return {text for pair in pairs for text in (pair.sentence1, pair.sentence2)}


def draw(choose: Choice, rng: random.Random, forbidden: set[str]) -> Lesson:
    """Draw a lesson without any of the forbidden sentences."""
    while True:
        story = new_story(rng)
        other, kinds = choose(story, rng)
        first, second = two_wordings(story, other, rng)
        if not {sentence(first), sentence(second)} & forbidden:
            return Lesson(first, second, kinds, story.frame)


def encode(lesson: Lesson, codes: Codes) -> Row:
    """The lesson as BERT reads a pair: [CLS] first [SEP] second [SEP]."""
    first = [("[CLS]", ""), *lesson.first, ("[SEP]", "")]
    second = [*lesson.second, ("[SEP]", "")]
    both = {meaning for _, meaning in first} & {meaning for _, meaning in second}
    said = [
        (piece, segment, meaning)
        for segment, words in enumerate((first, second))
        for word, meaning in words
        for piece in _pieces(word)
    ]
    return Row(
        input_ids=[codes.pieces[piece] for piece, _, _ in said],
        token_type_ids=[segment for _, segment, _ in said],
        meanings=[codes.meanings[meaning] for _, _, meaning in said],
        matches=[int(meaning in both) if meaning else IGNORED for _, _, meaning in said],
        features=[*(kind in lesson.kinds for kind in KINDS), *(frame == lesson.frame for frame in FRAMES)],
    )


def padded(rows: list[Row]) -> Batch:
    """The rows as one batch."""
    import torch

    length = max(len(row.input_ids) for row in rows)

    def pad(values: list[list[int]], filling: int) -> Tensor:
        return torch.tensor([v + [filling] * (length - len(v)) for v in values])

    return Batch(
        input_ids=pad([row.input_ids for row in rows], 0),
        token_type_ids=pad([row.token_type_ids for row in rows], 0),
        attention_mask=pad([[1] * len(row.input_ids) for row in rows], 0),
        meanings=pad([row.meanings for row in rows], IGNORED),
        matches=pad([row.matches for row in rows], IGNORED),
        features=torch.tensor([row.features for row in rows]).float(),
    )


def _pieces(word: str) -> list[str]:
    return [word] if word in SPECIAL_TOKENS else basic_tokens(word)


def _numbered(names: list[str]) -> dict[str, int]:
    return {name: i for i, name in enumerate(names)}
