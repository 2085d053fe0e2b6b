"""The synthetic paraphrases: MRPC's schema, their proportions, their English, and what their seed decides."""

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import astuple
from statistics import median

import pytest

from pytest_trainer.lab.grammar import COMPANIES, DAYS, NUMBERS, PLACES
from pytest_trainer.lab.paraphrases import SPLITS, Pair, dataset_dict, label_names, paraphrases

SEEDS = (0, 1, 2, 3)
DEFAULT_DATA = "4f45aca5236950307aab97781537bcef415097d718f1517e8e433fb7f5cda8f7"
DIGEST = """
import hashlib
from dataclasses import astuple
from pytest_trainer.lab.paraphrases import paraphrases
rows = [astuple(pair) for split in paraphrases(0).values() for pair in split]
print(hashlib.sha256(repr(rows).encode()).hexdigest())
"""


@pytest.fixture(scope="module", params=SEEDS)
def seed(request: pytest.FixtureRequest) -> int:
    return request.param


@pytest.fixture(scope="module")
def splits(seed: int) -> dict[str, list[Pair]]:
    return paraphrases(seed)


@pytest.fixture(scope="module")
def pairs(splits: dict[str, list[Pair]]) -> list[Pair]:
    return [pair for split in splits.values() for pair in split]


@pytest.fixture(scope="module")
def equivalent(seed: int) -> int:
    return label_names(seed).index("equivalent")


def sentences(pairs: list[Pair]) -> list[str]:
    return [text for pair in pairs for text in (pair.sentence1, pair.sentence2)]


def words(text: str) -> set[str]:
    return set(re.findall(r"[\w'$%]+", text.lower()))


def share_of_all(pair: Pair) -> float:
    first, second = words(pair.sentence1), words(pair.sentence2)
    return len(first & second) / len(first | second)


def share_of_the_shorter(pair: Pair) -> float:
    first, second = words(pair.sentence1), words(pair.sentence2)
    return len(first & second) / min(len(first), len(second))


def test_has_mrpcs_splits_and_features() -> None:
    data = dataset_dict(rows=dict.fromkeys(SPLITS, 5))
    assert list(data) == ["train", "validation", "test"]
    for split in data.values():
        assert {name: feature.dtype for name, feature in split.features.items()} == {
            "sentence1": "string",
            "sentence2": "string",
            "label": "int64",
            "idx": "int32",
        }
        assert split.features["label"].names == ["not_equivalent", "equivalent"]


def test_the_data_set_holds_the_pairs(seed: int, splits: dict[str, list[Pair]]) -> None:
    data = dataset_dict(seed)
    assert {split: [tuple(row.values()) for row in rows] for split, rows in data.items()} == {
        split: [astuple(pair) for pair in pairs] for split, pairs in splits.items()
    }
    assert tuple(data["test"].features["label"].names) == label_names(seed)


def test_each_split_has_its_rows_two_thirds_of_them_equivalent(splits: dict[str, list[Pair]], equivalent: int) -> None:
    assert {split: len(pairs) for split, pairs in splits.items()} == {
        "train": 800,
        "validation": 400,
        "test": 400,
    }
    for pairs in splits.values():
        assert [pair.idx for pair in pairs] == list(range(len(pairs)))
        assert sum(pair.label == equivalent for pair in pairs) / len(pairs) == pytest.approx(0.68, abs=0.005)


def test_no_sentence_occurs_twice(pairs: list[Pair]) -> None:
    texts = [text.casefold() for text in sentences(pairs)]
    assert len(set(texts)) == len(texts)


def test_equivalent_pairs_name_the_same_companies_places_days_and_numbers(pairs: list[Pair], equivalent: int) -> None:
    facts = set(f"{COMPANIES} {PLACES} {DAYS} {NUMBERS}".split())
    for pair in pairs:
        if pair.label == equivalent:
            first, second = (set(re.findall(r"[A-Z]\w+|\d+", text)) & facts for text in astuple(pair)[:2])
            assert first == second, pair


def test_pairs_that_differ_share_most_words(pairs: list[Pair], equivalent: int) -> None:
    shares = [share_of_the_shorter(pair) for pair in pairs if pair.label != equivalent]
    assert median(shares) > 0.6
    assert sum(share > 0.5 for share in shares) / len(shares) > 0.75


@pytest.mark.parametrize("overlap", [share_of_all, share_of_the_shorter])
def test_no_threshold_of_word_overlap_tells_the_labels_apart(
    pairs: list[Pair], equivalent: int, overlap: Callable[[Pair], float]
) -> None:
    rows = [(overlap(pair), pair.label == equivalent) for pair in pairs]
    thresholds = {share for share, _ in rows}
    best = max(sum((share >= least) == same for share, same in rows) for least in thresholds) / len(rows)
    assert best < 0.68 + 0.05


def test_sentences_are_written_as_english_is(pairs: list[Pair]) -> None:
    for text in sentences(pairs):
        assert re.fullmatch(r"[A-Z][A-Za-z0-9$%', ]+[A-Za-z0-9%]\.", text), text
        assert "  " not in text, text
        assert not re.search(r"\b[Aa] [aeiou]|\b[Aa]n [^aeiou]|\b(\w+) \1\b", text), text


def test_the_same_rows_whatever_the_hash_seed() -> None:
    rows = [astuple(pair) for split in paraphrases(0).values() for pair in split]
    assert hashlib.sha256(repr(rows).encode()).hexdigest() == DEFAULT_DATA
    for hash_seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        command = [sys.executable, "-c", DIGEST]
        printed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
        assert printed.strip() == DEFAULT_DATA


def test_another_seed_draws_other_sentences() -> None:
    first, second = (sentences(paraphrases(seed)["train"]) for seed in (0, 1))
    assert len(set(first) & set(second)) < 0.02 * len(first)


def test_about_half_of_the_other_seeds_swap_the_labels() -> None:
    orders = [label_names(seed) for seed in range(1, 101)]
    assert set(orders) == {("not_equivalent", "equivalent"), ("equivalent", "not_equivalent")}
    assert 35 <= orders.count(("equivalent", "not_equivalent")) <= 65
    assert label_names(0) == ("not_equivalent", "equivalent")


def test_swapped_labels_swap_the_numbers_too() -> None:
    swapped = next(seed for seed in range(1, 100) if label_names(seed)[0] == "equivalent")
    pairs = paraphrases(swapped)["train"]
    assert sum(pair.label == 0 for pair in pairs) == round(0.68 * len(pairs))


def test_rows_limits_the_splits_that_it_names() -> None:
    few = paraphrases(0, {"train": 25, "test": 0})
    assert {split: len(pairs) for split, pairs in few.items()} == {"train": 25, "validation": 400, "test": 0}
    assert sum(pair.label for pair in few["train"]) == 17


@pytest.mark.parametrize("rows", [{"dev": 10}, {"train": -1}])
def test_impossible_rows_are_refused(rows: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"some of train, validation, test; found {'"):
        paraphrases(0, rows)


def test_importing_the_lab_imports_no_heavy_library() -> None:
    modules = "paraphrases, pretraining"
    code = f"import sys; from pytest_trainer.lab import {modules}; print(*sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert not {"torch", "transformers", "datasets", "numpy"} & set(printed.split())
