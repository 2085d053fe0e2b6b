"""Metrics of an evaluation.

misconception: the names in the log are the names to return
caught_by: test_returns_accuracy_and_f1_as_numbers
diagnosis: puts it in front by itself
"""

import numpy as np
from sklearn.metrics import accuracy_score, f1_score


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    predictions = np.argmax(logits, axis=-1)
    return {
        "eval_accuracy": accuracy_score(labels, predictions),
        "eval_f1": f1_score(labels, predictions, zero_division=0),
    }
