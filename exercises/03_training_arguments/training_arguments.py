"""Exercise 03: five ways to set up a training, each as TrainingArguments of its own."""

from transformers import TrainingArguments


def defaults(output_dir: str) -> TrainingArguments:
    """Make the arguments of a training as the library does it where nothing is asked for.

    Args:
        output_dir: the folder that the training may write to.

    Returns:
        TrainingArguments, made anew in each call, whose `output_dir` is this very folder and not
        one below it. Every setting that changes the training has the value that the installed
        version of the library gives it.

    In all five functions, what evaluates, saves, logs, reports or chooses the device may be set as
    you like. Settings that change the training are those of batch, learning rate, schedule, length,
    optimiser, precision, accumulation, clipping, loss, random seed, order of the rows, and of how
    the model computes.
    """
    raise NotImplementedError


def evaluate_each_epoch(output_dir: str) -> TrainingArguments:
    """Make the arguments of a training that evaluates its model at the end of each epoch.

    Args:
        output_dir: the folder that the training may write to.

    Returns:
        TrainingArguments as `defaults` makes them, with which a Trainer evaluates at the end of
        each epoch and not in between, however many rows and epochs the training has. An evaluation
        before the first step is up to you.
    """
    raise NotImplementedError


def mixed_precision(output_dir: str) -> TrainingArguments:
    """Make the arguments of a training in mixed precision, with the format fp16.

    Args:
        output_dir: the folder that the training may write to.

    Returns:
        TrainingArguments as `defaults` makes them, but for a training that calculates in fp16 where
        the device can. On a CPU it makes no difference.
    """
    raise NotImplementedError


def effective_batch_of_16(output_dir: str) -> TrainingArguments:
    """Make the arguments of a training that updates its model from 16 rows, and holds 4 in memory.

    Args:
        output_dir: the folder that the training may write to.

    Returns:
        TrainingArguments as `defaults` makes them, but with batches of 4 rows on each device, and
        one update of the weights from the accumulated gradients of 4 such batches.
    """
    raise NotImplementedError


def cosine_schedule(output_dir: str) -> TrainingArguments:
    """Make the arguments of a training whose learning rate falls from 2e-5 along a cosine.

    Args:
        output_dir: the folder that the training may write to.

    Returns:
        TrainingArguments as `defaults` makes them, but for the learning rate: step s of N steps
        (s = 0, 1, ... N - 1) is taken with 2e-5 * (1 + cos(pi * s / N)) / 2. There is no warm-up,
        and the rate never rises.
    """
    raise NotImplementedError
