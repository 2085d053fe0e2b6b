"""Two processes under torchrun share a batch: what their optimisers get, and where SGD leads, against one process.

With `mean_loss` of exercise 06 all agree, as long as the rows fill the last step; what is missing there is filled up
with the epoch's first rows. By itself the Trainer makes the gradient too large, by the accumulation steps times the
processes.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import transformers

from claims.claim import is_installed
from lab.equivalence import OFF, length, length_of_weights, weights_allowed
from lab.processes import EVEN, UNEVEN, measure
from pytest_trainer.lab.recipes import Classifier
from pytest_trainer.reference import accumulation

TESTS = Path(__file__).parent.parent
SPLITS = ("4 x 1", "2 x 2")
"""Rows of a process's micro-batch, and gradient_accumulation_steps: 8 rows to a step of two processes each time."""

PROCESSES = 2
FACTOR = {
    "transformers>=4.57,<5": {"4 x 1": 1, "2 x 2": 1},
    "transformers>=5": {"4 x 1": PROCESSES, "2 x 2": 2 * PROCESSES},
}
"""The gradient without a loss function, as a multiple of the full batch's, by version."""


pytestmark = pytest.mark.usefixtures("quiet_trainers")


@pytest.fixture(scope="module", params=[0, *(pytest.param(seed, marks=pytest.mark.long) for seed in (1, 2))])
def seed(request):
    return request.param


@pytest.fixture(scope="module")
def all_rows(seed):
    return accumulation.differentiate(Classifier(seed).make(), accumulation.tokenized_rows(seed))


@pytest.fixture(scope="module")
def alone(seed):
    """What one process measures with 8 rows at once."""
    return measure(seed, [(8, 1)])


@pytest.fixture(scope="module")
def shared(seed, tmp_path_factory):
    """What two processes measure."""
    out = tmp_path_factory.mktemp("processes") / "measured.npz"
    run = [sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc_per_node={PROCESSES}"]
    paths = os.pathsep.join(filter(None, (str(TESTS), os.environ.get("PYTHONPATH", ""))))
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": paths}
    subprocess.run([*run, "-m", "lab.processes", str(seed), str(out)], env=environment, check=True, timeout=240)
    return dict(np.load(out))


def steps_of(all_rows, rows):
    """The rows of each optimiser step of one process."""
    return [all_rows.take(range(start, min(rows, start + 8))) for start in range(0, rows, 8)]


@pytest.mark.parametrize("split", SPLITS)
def test_with_mean_loss_two_processes_give_the_gradients_of_one(all_rows, alone, shared, split):
    one, two = alone[f"{EVEN} rows, 8 x 1, mean_loss"], shared[f"{EVEN} rows, {split}, mean_loss"]
    for rows, by_one, by_two in zip(steps_of(all_rows, EVEN), one, two, strict=True):
        assert rows.error(by_one) <= OFF
        assert rows.error(by_two) <= OFF
        assert rows.error(by_two, by_one) <= 2 * OFF


@pytest.mark.parametrize("split", SPLITS)
def test_with_mean_loss_two_processes_lead_sgd_where_one_does(seed, all_rows, alone, shared, split):
    steps = steps_of(all_rows, EVEN)
    scale, size = max(rows.scale for rows in steps), length_of_weights(Classifier(seed).make())
    name = "weights after {} rows, {}, mean_loss"
    apart = length(shared[name.format(EVEN, split)] - alone[name.format(EVEN, "8 x 1")])
    assert apart <= weights_allowed(len(steps), scale, size)


@pytest.mark.parametrize("split", SPLITS)
def test_with_mean_loss_the_logged_loss_of_two_processes_is_right(all_rows, shared, split):
    wanted = [rows.loss for rows in steps_of(all_rows, EVEN)]
    assert shared[f"logged {EVEN} rows, {split}, mean_loss"] == pytest.approx(wanted, abs=1e-4)


@pytest.mark.parametrize("split", SPLITS)
def test_by_itself_the_gradient_of_two_processes_has_the_factor_of_this_version(all_rows, shared, split):
    [factor] = [factors[split] for versions, factors in FACTOR.items() if is_installed(versions)]
    for rows, came in zip(steps_of(all_rows, EVEN), shared[f"{EVEN} rows, {split}, by itself"], strict=True):
        assert rows.error(came, factor * rows.gradient) <= factor * OFF, (
            f"By itself, transformers {transformers.__version__} makes the gradient of {PROCESSES} processes no longer "
            f"{factor} times the full batch's: tell FACTOR and docs/accumulation.md since when."
        )


@pytest.mark.parametrize("split", SPLITS)
def test_a_last_step_that_is_not_full_is_filled_up_with_the_epochs_first_rows(all_rows, alone, shared, split):
    left = all_rows.take(range(8, UNEVEN))
    filled = all_rows.take([*range(8, UNEVEN), *range(16 - UNEVEN)])
    assert left.error(alone[f"{UNEVEN} rows, 8 x 1, mean_loss"][1]) <= OFF
    came = shared[f"{UNEVEN} rows, {split}, mean_loss"][1]
    assert filled.error(came) <= OFF
    assert left.error(came) > 1000 * OFF
