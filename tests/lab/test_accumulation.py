"""What the installed Trainer does when it accumulates, by itself and with a loss function: the day it mends, we know.

From transformers 5.0 on the accumulated gradient of BERT's classification is k times the full batch's
(huggingface/transformers#47688); 4.57 takes the mean of the micro-batches' means.
"""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from claims.claim import is_installed
from pytest_trainer.lab.accumulation import STEPS, full_batch, main, trainer_step

SOLUTION = Path(__file__).parent.parent.parent / "solutions/06_accumulation/accumulation.py"
ADDS_MEANS_UP = is_installed("transformers>=5.0")
MORE_THAN_ONE = [k for k in STEPS if k > 1]


pytestmark = pytest.mark.usefixtures("quiet_trainers")


@pytest.fixture(scope="module")
def truth():
    return full_batch()


@pytest.fixture(scope="module")
def mean_loss():
    return runpy.run_path(str(SOLUTION))["mean_loss"]


def error(gradient, wanted):
    return float((gradient - wanted).norm() / wanted.norm())


def test_without_accumulation_the_gradient_is_the_full_batchs(truth):
    step = trainer_step(1)
    assert error(step.gradient, truth[0]) < 1e-5
    assert step.logged_loss == pytest.approx(truth[1], abs=1e-4)


@pytest.mark.parametrize("k", MORE_THAN_ONE)
def test_by_itself_the_trainer_makes_gradient_and_logged_loss_k_times_too_large_from_5_on(truth, k):
    step = trainer_step(k)
    factor = k if ADDS_MEANS_UP else 1
    assert error(step.gradient, factor * truth[0]) < 1e-5
    assert step.logged_loss == pytest.approx(factor * truth[1], abs=1e-4 * factor)


@pytest.mark.parametrize("k", STEPS)
def test_with_mean_loss_gradient_and_logged_loss_are_right(truth, mean_loss, k):
    step = trainer_step(k, mean_loss)
    assert error(step.gradient, truth[0]) < 1e-5
    assert step.logged_loss == pytest.approx(truth[1], abs=1e-4)


@pytest.mark.parametrize("k", MORE_THAN_ONE)
def test_a_model_that_says_it_does_not_divide_is_divided_for(truth, k):
    assert error(trainer_step(k, accepts_loss_kwargs=False).gradient, truth[0]) < 1e-5


@pytest.mark.parametrize("way", [{"clipped_at": 1.0}, {"optim": "adamw_torch"}], ids=["clipping", "AdamW"])
def test_clipping_and_adamw_hide_it(way):
    assert trainer_step(8, **way).moved == pytest.approx(trainer_step(1, **way).moved, rel=0.01)


def test_sgd_shows_it():
    assert trainer_step(8).moved == pytest.approx((8 if ADDS_MEANS_UP else 1) * trainer_step(1).moved, rel=1e-3)


@pytest.mark.parametrize("k", [1, 4])
def test_the_trainer_counts_all_rows_of_the_step_and_takes_the_labels_away(mean_loss, k):
    seen = []

    def watched(outputs, labels, num_items_in_batch):
        seen.append((outputs.loss, len(labels), num_items_in_batch))
        return mean_loss(outputs, labels, num_items_in_batch)

    trainer_step(k, watched)
    assert [(loss, rows, int(items)) for loss, rows, items in seen] == [(None, 16 // k, 16)] * k
    dtype = torch.float32 if is_installed("transformers>=5.23") else torch.int64
    assert all(items.dtype == dtype and items.dim() == 0 for _, _, items in seen)


def test_an_uneven_tail_by_itself_is_never_the_mean_over_the_rows(truth):
    # Five micro-batches of 3 pairs and one of 1.
    step = trainer_step(6, rows_per_micro_batch=3)
    assert error(step.gradient, truth[0]) > 0.01


def test_mean_loss_is_exact_for_an_uneven_tail_too(truth, mean_loss):
    assert error(trainer_step(6, mean_loss, rows_per_micro_batch=3).gradient, truth[0]) < 1e-5


def test_the_command_prints_both_tables_and_takes_a_students_file():
    command = [sys.executable, "-m", "pytest_trainer.lab.accumulation", str(SOLUTION)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert done.stderr == ""
    assert max(map(len, lines)) <= 90
    [k8, moved] = [line.split() for line in lines if line.startswith("   8")]
    assert [float(k8[1]), float(k8[3])] == [8.0 if ADDS_MEANS_UP else 1.0, 1.0]
    assert float(moved[1]) == pytest.approx(float(k8[1]), rel=1e-3)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "There is no file"),
        ("x = 1\n", "has no function mean_loss"),
        ("def mean_loss(outputs, labels, num_items_in_batch=None):\n    raise NotImplementedError\n", "still to write"),
    ],
)
def test_a_file_that_cannot_be_measured_is_refused_with_a_sentence(tmp_path, text, sentence):
    file = tmp_path / "accumulation.py"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit, match=sentence):
        main([str(file)])
