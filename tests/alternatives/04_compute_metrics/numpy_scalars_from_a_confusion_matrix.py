"""A confusion matrix by bincount, and numpy scalars as results: float64 and float32."""

import numpy as np


def confusion(predictions, labels):
    return np.bincount(2 * labels + predictions, minlength=4).reshape(2, 2)


def compute_metrics(eval_preds, *args):
    logits, labels, *_ = eval_preds
    table = confusion((np.diff(logits) > 0).squeeze(1).astype(int), labels)
    positives = table[1].sum() + table[:, 1].sum()
    return {
        "accuracy": np.trace(table) / table.sum(),
        "f1": np.float32(2 * table[1, 1] / max(positives, 1)),
    }
