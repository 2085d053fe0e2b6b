"""How far rounding may lead apart two trainings that take the same steps, on the small model of exercise 06."""

import math
import runpy
from pathlib import Path

import torch

from pytest_trainer.reference.accumulation import UNIT_ROUNDOFF, rounding_error
from pytest_trainer.reference.padding import pad

mean_loss = runpy.run_path(str(Path(__file__).parent.parent.parent / "solutions/06_accumulation/accumulation.py"))[
    "mean_loss"
]

EFFECTIVE = 16
"""The most rows of an optimiser step."""

MOST_WORDS = 13
"""Of a sentence: a row has at most 29 tokens."""

OFF = rounding_error(layers=1, terms=32, rows=EFFECTIVE)
"""How far a gradient may be from the true one, relative to the mean length of the rows' gradients: 3.0e-6.

The model has one layer, and its widest sums have 32 terms (intermediate_size; a row has at most 29 tokens). Two splits
may differ by twice as much. Measured over 25 cases, a ninth of the first and a thirtieth of the second is the most; a
test holds both to a third.
"""

LEARNING_RATE = 2e-4
CURVATURE = 500.0
"""Above all eigenvalues of the Hessian of a batch's loss where training starts: one row's is up to 320, seven's 110."""


def weights_allowed(steps: int, scale: float, length: float) -> float:
    """How far two splits may lead SGD apart: the Euclidean distance of the weights after some steps.

    A step adds the learning rate times the difference of the gradients, at most 2 `OFF` times their scale. And each of
    the two runs rounds its new weights: a weight by its own size times the unit roundoff at most, with random sign, so
    in all steps together sqrt(2 steps) times. What two runs differ by, a step changes at most by the factor
    1 + learning rate x curvature: in all steps by less than 2 (`CURVATURE`; a test measures it). Measured, the
    distance is at most a hundredth of that; a test holds it to a tenth.

    Args:
        steps: optimiser steps.
        scale: the mean length of the rows' gradients; the longest of the steps' batches.
        length: that of the weights.
    """
    assert steps * math.log1p(LEARNING_RATE * CURVATURE) < math.log(2)
    return 2 * (steps * LEARNING_RATE * 2 * OFF * scale + math.sqrt(2 * steps) * UNIT_ROUNDOFF * length)


def length(vector):
    """The Euclidean norm."""
    return float((vector**2).sum() ** 0.5)


def length_of_weights(model):
    """That of all weights together."""
    return length(torch.cat([weight.detach().flatten() for weight in model.parameters()]).double())


def collate(features):
    """A batch of tokenized rows, as tensors."""
    return {key: torch.from_numpy(values) for key, values in pad(features, 0, 0, "right").items()}
