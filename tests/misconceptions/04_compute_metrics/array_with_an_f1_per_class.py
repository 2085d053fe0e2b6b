"""Metrics of an evaluation.

misconception: a metric may be one value for each class
caught_by: test_returns_accuracy_and_f1_as_numbers
diagnosis: one for each class
"""

import numpy as np
from sklearn.metrics import accuracy_score, f1_score


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    predictions = np.argmax(logits, axis=-1)
    return {
        "accuracy": accuracy_score(labels, predictions),
        "f1": f1_score(labels, predictions, average=None, labels=[0, 1], zero_division=0),
    }
