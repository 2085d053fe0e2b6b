"""A synthetic paraphrase data set with MRPC's schema: pairs of short news sentences, equivalent or not.

Equivalent sentences tell the same: who did what to whom, how many, where, when, and whether at all; who
reported it does not count. The others differ in one or two of these, and otherwise only in their wording.
The same seed gives the same rows everywhere; another seed draws other rows from the same grammar.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from pytest_trainer.lab.stories import Story, changed, new_story, possible_kinds
from pytest_trainer.lab.wordings import sentence, two_wordings

if TYPE_CHECKING:
    import datasets

SPLITS = ("train", "validation", "test")
ROWS = {"train": 800, "validation": 400, "test": 400}
EQUIVALENT = 0.68
"""The share of equivalent pairs in each split; MRPC has 67.4%, 68.4% and 66.5%."""


@dataclass(frozen=True)
class Pair:
    """Two sentences; `label` is an index into `label_names`, `idx` the row's place in its split."""

    sentence1: str
    sentence2: str
    label: int
    idx: int


def label_names(seed: int) -> tuple[str, str]:
    """The labels' names in the order of their numbers.

    Seed 0 has MRPC's order. About half of the other seeds have it swapped, so that nothing may rely on the
    numbers alone.
    """
    names = ("not_equivalent", "equivalent")
    swapped = seed != 0 and random.Random(f"labels {seed}").random() < 0.5
    return names[::-1] if swapped else names


def paraphrases(seed: int = 0, rows: Mapping[str, int] | None = None) -> dict[str, list[Pair]]:
    """Draw the three splits; no sentence occurs twice in them.

    `rows` gives the number of rows of the splits it names; the others have their default in `ROWS`.
    Raises ValueError for a split or a number of rows that cannot be.
    """
    wanted = {**ROWS, **(rows or {})}
    if set(wanted) != set(SPLITS) or min(wanted.values()) < 0:
        raise ValueError(f"rows: numbers from 0 on for some of {', '.join(SPLITS)}; found {dict(rows or {})}")
    rng, seen = random.Random(f"paraphrases {seed}"), set[str]()
    equivalent = label_names(seed).index("equivalent")
    return {split: list(_split(wanted[split], equivalent, rng, seen)) for split in SPLITS}


def dataset_dict(seed: int = 0, rows: Mapping[str, int] | None = None) -> datasets.DatasetDict:
    """The same splits as `datasets` has them, in memory, with MRPC's features."""
    import datasets

    features = datasets.Features(
        sentence1=datasets.Value("string"),
        sentence2=datasets.Value("string"),
        label=datasets.ClassLabel(names=list(label_names(seed))),
        idx=datasets.Value("int32"),
    )
    return datasets.DatasetDict(
        {
            split: datasets.Dataset.from_dict(_columns(pairs), features, split=split)
            for split, pairs in paraphrases(seed, rows).items()
        }
    )


def _columns(pairs: list[Pair]) -> dict[str, list[Any]]:
    return {field.name: [getattr(pair, field.name) for pair in pairs] for field in fields(Pair)}


def _split(rows: int, equivalent: int, rng: random.Random, seen: set[str]) -> Iterator[Pair]:
    true_pairs = round(EQUIVALENT * rows)
    labels = [equivalent] * true_pairs + [1 - equivalent] * (rows - true_pairs)
    rng.shuffle(labels)
    for idx, label in enumerate(labels):
        yield Pair(*_unseen_sentences(label == equivalent, rng, seen), label, idx)


def _unseen_sentences(equivalent: bool, rng: random.Random, seen: set[str]) -> tuple[str, str]:
    while True:
        story = new_story(rng)
        other = story if equivalent else _differing(story, rng)
        first, second = map(sentence, two_wordings(story, other, rng))
        if not {first, second} & seen:
            seen |= {first, second}
            return first, second


def _differing(story: Story, rng: random.Random) -> Story:
    differences = 1 if rng.random() < 0.75 else 2
    return changed(story, rng.sample(possible_kinds(story), differences), rng)
