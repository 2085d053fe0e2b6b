"""What a Trainer's optimiser gets where one or several processes share a batch; run by torchrun, or alone.

    PYTHONPATH=tests torchrun --nproc_per_node=2 -m lab.processes SEED OUT

OUT becomes an .npz file. An array is named "ROWS rows, BATCH x STEPS, LOSS": rows of the data set, rows of a process's
micro-batch, gradient_accumulation_steps, and "by itself" or "mean_loss"; it has the gradient of each optimiser step of
an epoch in which the weights stay, (steps, parameters), and "logged " before the name gives the losses in the log.
"weights after " before it gives the weights after an epoch of SGD.
"""

import gc
import sys

import numpy as np
import torch
import transformers

from lab.equivalence import LEARNING_RATE, collate, mean_loss
from pytest_trainer.lab.accumulation import train
from pytest_trainer.lab.recipes import Classifier
from pytest_trainer.reference import accumulation

LOSSES = {"by itself": None, "mean_loss": mean_loss}
EVEN, UNEVEN = 16, 13
"""Rows of a data set: two steps of 8, or one of 8 and one of 5."""


def trained(seed, rows, batch_size, accumulation_steps, loss, learning_rate):
    """Train the exercise's small model of this seed on the first of its rows."""
    return train(
        Classifier(seed).make(),
        accumulation.tokenized_rows(seed)[:rows],
        data_collator=collate,
        compute_loss_func=LOSSES[loss],
        per_device_train_batch_size=batch_size,
        gradient_accumulation_steps=accumulation_steps,
        learning_rate=learning_rate,
        remove_unused_columns=False,
        ddp_backend="gloo" if torch.distributed.is_torchelastic_launched() else None,
    )


def measure(seed, splits):
    """The arrays that the module's docstring names, for these splits: (rows of a micro-batch, accumulation steps)."""
    arrays = {}
    for batch_size, accumulation_steps in splits:
        for loss in LOSSES:
            for rows in (EVEN, UNEVEN):
                name = f"{rows} rows, {batch_size} x {accumulation_steps}, {loss}"
                training = trained(seed, rows, batch_size, accumulation_steps, loss, 0.0)
                arrays[name] = np.stack([gradient.double().numpy() for gradient in training.gradients])
                arrays[f"logged {name}"] = np.array(training.logged_losses)
        name = f"{EVEN} rows, {batch_size} x {accumulation_steps}, mean_loss"
        training = trained(seed, EVEN, batch_size, accumulation_steps, "mean_loss", LEARNING_RATE)
        arrays[f"weights after {name}"] = training.weights.double().numpy()
    return arrays


def main(seed, out):
    """Measure on the processes that torchrun has started; the first one writes."""
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    gc.freeze()
    arrays = measure(seed, [(4, 1), (2, 2)])
    if torch.distributed.get_rank() == 0:
        np.savez(out, **arrays)
    torch.distributed.destroy_process_group()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
