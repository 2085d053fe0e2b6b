"""The strategies keep the promises on which the checks' tolerances rest, and shrink to small cases."""

import subprocess
import sys
from random import Random

import numpy as np
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from pytest_trainer.reference import metrics, strategies


def seen(strategy, wanted):
    """Draw until something wanted comes; what it would shrink to is not asked."""
    return find(
        strategy, wanted, settings=settings(phases=[Phase.generate], max_examples=2000, database=None), random=Random(0)
    )


def simplest(strategy, wanted):
    return find(strategy, wanted, random=Random(0))


@given(strategies.features(pad_token_id=7))
def test_features_are_pairs_as_bert_lays_them_out(features):
    assert 1 <= len(features) <= 8
    for feature in features:
        ids, types = feature["input_ids"], feature["token_type_ids"]
        assert feature.keys() == {"input_ids", "token_type_ids", "attention_mask", "label"}
        assert len(ids) == len(types) >= 3
        assert feature["attention_mask"] == [1] * len(ids)
        assert ids[0] == strategies.CLS
        assert ids[-1] == ids[types.index(1) - 1] == strategies.SEP
        assert types == sorted(types)
        assert max(ids) < 500
        assert 7 not in ids
        assert feature["label"] in (0, 1)


@pytest.mark.parametrize(
    "wanted",
    [
        lambda pairs: len({len(pair["input_ids"]) for pair in pairs}) >= 4,
        lambda pairs: len(pairs) > 1 and len({len(pair["input_ids"]) for pair in pairs}) == 1,
        lambda pairs: len(pairs) == 8,
        lambda pairs: any(7 in pair["input_ids"] for pair in pairs),
    ],
)
def test_features_of_many_kinds_come(wanted):
    seen(strategies.features(with_pad_id=True, pad_token_id=7), wanted)


def test_features_shrink_to_the_shortest_pairs():
    uneven = simplest(strategies.features(), lambda pairs: len({len(pair["input_ids"]) for pair in pairs}) > 1)
    assert sorted(len(pair["input_ids"]) for pair in uneven) == [3, 4]


@pytest.mark.parametrize("wanted", [lambda longest: longest < 28, lambda longest: 256 < longest < 512])
def test_short_and_long_features_come(wanted):
    seen(strategies.short_or_long_features(), lambda pairs: wanted(max(len(pair["input_ids"]) for pair in pairs)))


def gaps(logits):
    return np.abs(logits[:, 1] - logits[:, 0])


@given(strategies.logits_and_labels())
def test_logits_and_labels_are_as_promised(table):
    logits, labels = table
    n = len(labels)
    assert 1 <= n <= 40
    assert (logits.dtype, logits.shape) == (np.float32, (n, 2))
    assert (labels.dtype, labels.shape) == (np.int64, (n,))
    assert np.abs(logits).max() <= strategies.LARGEST_LOGIT
    assert gaps(logits).min() >= 1 / strategies.STEPS >= strategies.SMALLEST_GAP
    assert set(labels.tolist()) <= {0, 1}


@pytest.mark.parametrize(
    "wanted",
    [
        lambda _, labels: len(labels) > 2 and not labels.any(),
        lambda logits, labels: len(labels) > 2 and not (logits[:, 1] > logits[:, 0]).any(),
        lambda logits, labels: len(labels) > 2 and labels.all() and (logits[:, 1] > logits[:, 0]).all(),
        lambda _, labels: len(labels) > 20,
        lambda logits, labels: 0 < metrics.f1(logits, labels) < metrics.accuracy(logits, labels) < 1,
        lambda logits, labels: 0 < metrics.accuracy(logits, labels) < metrics.f1(logits, labels) < 1,
        lambda logits, _: gaps(logits).min() < 0.01,
    ],
)
def test_tables_of_many_kinds_come(wanted):
    seen(strategies.logits_and_labels(), lambda table: wanted(*table))


def test_tables_shrink_to_one_row_of_small_whole_numbers():
    logits, labels = simplest(strategies.logits_and_labels(), lambda table: table[1][0] == 1)
    assert sorted(logits[0].tolist()) == [0.0, 1.0]
    assert labels.tolist() == [1]


@given(st.data())
def test_permuted_shifted_and_scaled_logits_predict_the_same(data):
    logits, labels = data.draw(strategies.logits_and_labels())
    order = data.draw(strategies.permutations(len(labels)))
    constants = data.draw(strategies.row_constants(logits))
    scale = data.draw(strategies.scales(logits))
    exact = logits.astype(np.float64)
    assert constants.dtype == np.float32
    assert scale > 0
    for changed, truth in (
        (logits + constants, exact + constants.astype(np.float64)),
        (logits * np.float32(scale), exact * scale),
    ):
        assert changed.dtype == np.float32
        np.testing.assert_array_equal(changed, truth)
        assert np.abs(changed).max() <= strategies.LARGEST_LOGIT
        assert gaps(truth).min() >= strategies.SMALLEST_GAP
        assert metrics.f1(changed, labels) == metrics.f1(logits, labels)
    assert metrics.f1(logits[order], labels[order]) == metrics.f1(logits, labels)


def test_scales_both_enlarge_and_reduce():
    logits = np.array([[0.5, 4.0]], dtype=np.float32)
    assert simplest(strategies.scales(logits), lambda scale: scale > 4) <= 5
    assert simplest(strategies.scales(logits), lambda scale: scale < 0.1) == 1 / 16


@settings(max_examples=5)
@given(st.integers(1, 5).flatmap(strategies.permutations))
def test_permutations_hold_every_row_once(order):
    assert sorted(order) == list(range(len(order)))


def test_importing_the_strategies_loads_neither_hypothesis_nor_numpy():
    program = (
        "import sys, pytest_trainer.reference.strategies, pytest_trainer.reference.padding, "
        "pytest_trainer.reference.metrics; print({'hypothesis', 'numpy', 'torch'} & set(sys.modules))"
    )
    assert subprocess.check_output([sys.executable, "-c", program], text=True).strip() == "set()"
