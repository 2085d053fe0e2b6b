"""Metrics of an evaluation.

misconception: the logits are a scratch area once they have been handed over
caught_by: test_leaves_logits_and_labels_unchanged
diagnosis: change an array in place
"""

import numpy as np


def softmax_(x):
    x -= x.max(axis=-1, keepdims=True)
    np.exp(x, out=x)
    x /= x.sum(axis=-1, keepdims=True)
    return x


def compute_metrics(eval_preds):
    probs = softmax_(eval_preds.predictions)
    preds = probs.argmax(axis=-1)
    labels = eval_preds.label_ids
    tp = int(((preds == 1) & (labels == 1)).sum())
    fp = int(((preds == 1) & (labels == 0)).sum())
    fn = int(((preds == 0) & (labels == 1)).sum())
    denominator = 2 * tp + fp + fn
    return {
        "accuracy": float((preds == labels).mean()),
        "f1": 2 * tp / denominator if denominator > 0 else 0.0,
    }
