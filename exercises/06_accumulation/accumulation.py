"""Exercise 06: the gradient of a large batch from small ones, by hand and with the Trainer."""

import torch
from transformers import PreTrainedModel
from transformers.utils import ModelOutput


def accumulate_gradients(model: PreTrainedModel, batch: dict[str, torch.Tensor], micro_batch_size: int) -> float:
    """Accumulate the gradient of a batch's mean loss, one micro-batch at a time.

    Args:
        model: for sequence classification with two labels. `model(**batch)` returns an output with
            `loss`, the mean of the rows' cross-entropies (a tensor with a graph), and `logits`
            (rows, 2). It has no dropout, so train and eval mode compute the same. All its
            parameters require a gradient; each has one already (`.grad` is a tensor) or has none
            (`.grad` is None).
        batch: n >= 1 rows as a dict of four `torch.int64` tensors: `input_ids`, `attention_mask`
            and `token_type_ids` (n, L), padded on the right, and `labels` (n,).
        micro_batch_size: the largest number of rows whose graph may exist at a time, at least 1. It
            need not divide n, and it may be larger than n.

    Returns:
        The mean loss over the n rows, not rounded: a float (a numpy scalar or a tensor with one
        element will do).

    Afterwards each parameter's `.grad` is what it was before (None counts as 0) plus the gradient of
    the mean loss over the n rows, whatever the split. 1e-5 is all the relative error allowed.

    At no time is there a graph of more than `micro_batch_size` rows: one micro-batch is through its
    backward pass before the next one's forward pass begins. Fewer rows at a time are fine.

    The model's mode (train or eval) and weights, and the batch, are left as they were given.
    """
    raise NotImplementedError


def mean_loss(
    outputs: ModelOutput, labels: torch.Tensor, num_items_in_batch: torch.Tensor | int | None = None
) -> torch.Tensor:
    """Compute a micro-batch's share of the mean loss, for `Trainer(compute_loss_func=mean_loss)`.

    The Trainer calls it once for each micro-batch, as
    `mean_loss(outputs, labels, num_items_in_batch=...)`, goes backward through what it returns, and
    divides by nothing: the gradients of an optimiser step's micro-batches are added up.

    Args:
        outputs: what the model returned for m rows: `outputs.logits`, or `outputs["logits"]`, is a
            float32 tensor (m, 2) with a graph. There is no loss in it: the Trainer takes the labels
            away before it calls the model.
        labels: the m rows' classes, a `torch.int64` tensor (m,) of zeros and ones.
        num_items_in_batch: the number of rows N of all micro-batches that this optimiser step adds
            up, an int or a tensor with one element (of int64 or float32: versions differ); or None
            where nobody has counted.

    Returns:
        A tensor without dimensions, with its graph: the sum of the m rows' cross-entropies, divided
        by N. Where `num_items_in_batch` is None, the sum divided by m, their mean.
    """
    raise NotImplementedError
