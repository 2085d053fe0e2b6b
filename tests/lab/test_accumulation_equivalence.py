"""One batch, however it is cut into micro-batches: the gradients that a Trainer's optimiser gets, and where SGD leads.

With `mean_loss` of exercise 06 all splits agree, for any number of rows, of any lengths. By itself the Trainer adds up
the micro-batches' means or averages them, by its version: `BY_ITSELF` has the table.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pytest
import torch
import transformers
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.attention import SDPBackend, sdpa_kernel

from claims.claim import is_installed
from lab.equivalence import (
    CURVATURE,
    EFFECTIVE,
    LEARNING_RATE,
    MOST_WORDS,
    OFF,
    collate,
    length,
    length_of_weights,
    mean_loss,
    weights_allowed,
)
from pytest_trainer.lab.accumulation import Training, train
from pytest_trainer.lab.recipes import Classifier
from pytest_trainer.reference import accumulation
from pytest_trainer.reference.accumulation import Rows, Split
from pytest_trainer.reference.accumulation_mistaken import WEIGHTS, row_weights

SPLITS = ((16, 1), (8, 2), (4, 4), (2, 8))
"""Rows of a micro-batch, and gradient_accumulation_steps: 16 rows to an optimiser step each time."""

MOST_ROWS = 40
EPOCHS = 2

BY_ITSELF: Mapping[str, str] = {
    "transformers>=4.57,<5": "mean of means",
    "transformers>=5": "sum of means",
}
"""What a row counts in the gradient without a loss function, as `WEIGHTS` names it, by version.

A mean of means is exact for micro-batches of one size and wrong for others; a sum of means is k times a mean of means.
"""


@dataclass(frozen=True)
class Case:
    """Rows of these seeds, and how long they may be."""

    seed: int
    rows: int
    max_words: int

    @functools.cached_property
    def all_rows(self) -> Rows:
        features = accumulation.tokenized_rows(self.seed, self.rows, self.max_words)
        return accumulation.differentiate(Classifier(self.seed).make(), features)

    @property
    def steps(self) -> list[Rows]:
        """The rows of each optimiser step of an epoch; the last one has what is left."""
        return [
            self.all_rows.take(range(start, min(start + EFFECTIVE, self.rows)))
            for start in range(0, self.rows, EFFECTIVE)
        ]

    def train(self, split: tuple[int, int], compute_loss_func=None, **how) -> Training:
        batch_size, accumulation_steps = split
        return train(
            Classifier(self.seed).make(),
            self.all_rows.features,
            data_collator=collate,
            compute_loss_func=compute_loss_func,
            per_device_train_batch_size=batch_size,
            gradient_accumulation_steps=accumulation_steps,
            remove_unused_columns=False,
            **how,
        )

    def gradients(self, split: tuple[int, int], compute_loss_func=None) -> list[np.ndarray]:
        """The gradient of each step of an epoch in which the weights stay, float64 (parameters,)."""
        training = self.train(split, compute_loss_func, learning_rate=0.0)
        return [gradient.double().numpy() for gradient in training.gradients]

    def weights(self, split: tuple[int, int], compute_loss_func=None) -> np.ndarray:
        """The weights after two epochs of SGD, float64 (parameters,)."""
        training = self.train(split, compute_loss_func, learning_rate=LEARNING_RATE, num_train_epochs=EPOCHS)
        return training.weights.double().numpy()


CASES = st.builds(Case, st.integers(0, 2**16), st.integers(1, MOST_ROWS), st.integers(1, MOST_WORDS))
FEW = settings(max_examples=8, deadline=None, derandomize=True, database=None)
MANY = settings(max_examples=150, deadline=None, derandomize=True, database=None)
UNEVEN = Case(seed=0, rows=39, max_words=MOST_WORDS)
"""Steps of 16, 16 and 7 rows; in micro-batches of four, the last two have 4 and 3."""


pytestmark = pytest.mark.usefixtures("quiet_trainers")


# -- with mean_loss ---------------------------------------------------------------------------------------------------


def gradient_errors(case):
    """Of each split and step: the distance to the true gradient, and to that of the batch in one piece."""
    whole = case.gradients(SPLITS[0], mean_loss)
    for split in SPLITS:
        came = case.gradients(split, mean_loss)
        for rows, gradient, undivided in zip(case.steps, came, whole, strict=True):
            yield rows.error(gradient), rows.error(gradient, undivided)


def expect_equal_gradients(case):
    for from_truth, from_whole in gradient_errors(case):
        assert from_truth <= OFF
        assert from_whole <= 2 * OFF


def distances(case):
    """How far from the weights of the batch in one piece SGD has led each other split; and how far it may."""
    whole = case.weights(SPLITS[0], mean_loss)
    scale, size = max(rows.scale for rows in case.steps), length_of_weights(Classifier(case.seed).make())
    allowed = weights_allowed(EPOCHS * len(case.steps), scale, size)
    return [length(case.weights(split, mean_loss) - whole) for split in SPLITS[1:]], allowed


def expect_equal_weights(case):
    apart, allowed = distances(case)
    assert max(apart) <= allowed


@FEW
@given(CASES)
def test_with_mean_loss_every_split_gives_the_full_batchs_gradient(case):
    expect_equal_gradients(case)


@FEW
@given(CASES)
def test_with_mean_loss_sgd_leads_to_the_same_weights(case):
    expect_equal_weights(case)


@pytest.mark.long
@MANY
@given(CASES)
def test_with_mean_loss_every_split_gives_the_full_batchs_gradient_at_length(case):
    expect_equal_gradients(case)


@pytest.mark.long
@MANY
@given(CASES)
def test_with_mean_loss_sgd_leads_to_the_same_weights_at_length(case):
    expect_equal_weights(case)


# -- the tolerances ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_what_is_measured_stays_well_below_the_tolerances(seed):
    case = Case(seed, UNEVEN.rows, UNEVEN.max_words)
    from_truth, from_whole = map(max, zip(*gradient_errors(case), strict=True))
    assert 0 < from_truth < OFF / 3
    assert 0 < from_whole < 2 * OFF / 3
    apart, allowed = distances(case)
    assert 0 < max(apart) < allowed / 10


@pytest.mark.parametrize("name", ["sum of means", "mean of means"])
def test_what_is_wrong_is_a_thousand_times_above_it(name):
    rows = UNEVEN.steps[-1]
    wrong = np.array(row_weights(WEIGHTS[name], [4, 3])) @ rows.gradients
    assert rows.error(wrong) > 1000 * 2 * OFF


def test_weights_that_are_led_by_a_wrong_gradient_are_far_above_it():
    def twice(outputs, labels, num_items_in_batch):
        return 2 * mean_loss(outputs, labels, num_items_in_batch)

    _, allowed = distances(UNEVEN)
    apart = length(UNEVEN.weights(SPLITS[0], twice) - UNEVEN.weights(SPLITS[0], mean_loss))
    assert apart > 100 * allowed


@pytest.mark.parametrize("seed", range(10))
def test_the_loss_curves_less_than_the_tolerance_assumes(seed):
    features = accumulation.tokenized_rows(seed, 7, MOST_WORDS)
    for rows in (features, features[:1]):
        assert curvature(Classifier(seed).make(), rows) < CURVATURE


def curvature(model, features):
    """The largest eigenvalue, in absolute value, of the Hessian of the mean loss: by power iteration, in float64."""
    parameters = list(model.double().parameters())
    with sdpa_kernel(SDPBackend.MATH):  # the others have no second derivative
        loss = model(**collate(features)).loss
    gradient = torch.autograd.grad(loss, parameters, create_graph=True)
    torch.manual_seed(0)
    vector = [torch.randn_like(weight) for weight in parameters]
    for _ in range(20):
        size = torch.stack([part.norm() for part in vector]).norm()
        along = sum((one * other / size).sum() for one, other in zip(gradient, vector, strict=True))
        vector = torch.autograd.grad(along, parameters, retain_graph=True, materialize_grads=True)
    return float(torch.stack([part.norm() for part in vector]).norm())


# -- by itself --------------------------------------------------------------------------------------------------------


def micro_batches(rows, batch_size):
    """The sizes of the micro-batches of a step."""
    return Split(tuple(range(len(rows.losses))), batch_size).sizes


def rules_that_hold(case):
    """Those of WEIGHTS, and the mean over the rows, that give the gradients which the Trainer makes by itself."""
    rules = {**{name: WEIGHTS[name] for name in ("mean of means", "sum of means")}, "exact": lambda b: 1 / b.all_rows}
    for split in SPLITS:
        for rows, came in zip(case.steps, case.gradients(split), strict=True):
            sizes = micro_batches(rows, split[0])
            wanted = {name: np.array(row_weights(rule, sizes)) for name, rule in rules.items()}
            rules = {
                name: rules[name]
                for name, weights in wanted.items()
                if rows.error(came, weights @ rows.gradients) <= OFF * max(1, weights.sum())
            }
    return set(rules)


def expect_the_rule_of_this_version(case):
    [rule] = [rule for versions, rule in BY_ITSELF.items() if is_installed(versions)]
    hold = rules_that_hold(case)
    assert rule in hold, (
        f"By itself, transformers {transformers.__version__} gives no {rule} any more, but {hold or 'something else'}: "
        "tell BY_ITSELF, docs/accumulation.md and lesson 06 since when."
    )


@FEW
@given(CASES)
def test_by_itself_the_trainer_follows_the_rule_of_its_version(case):
    expect_the_rule_of_this_version(case)


@pytest.mark.long
@MANY
@given(CASES)
def test_by_itself_the_trainer_follows_the_rule_of_its_version_at_length(case):
    expect_the_rule_of_this_version(case)


def test_an_uneven_step_tells_the_rules_apart():
    assert len(rules_that_hold(UNEVEN)) == 1
