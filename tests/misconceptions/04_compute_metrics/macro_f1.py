"""Metrics of an evaluation.

misconception: F1 of a task is the mean over its classes
caught_by: test_f1_is_that_of_the_equivalent_class
diagnosis: macro average
"""

import numpy as np
from sklearn.metrics import accuracy_score, f1_score


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    predictions = np.argmax(logits, axis=-1)
    return {
        "accuracy": accuracy_score(labels, predictions),
        "f1": f1_score(labels, predictions, average="macro"),
    }
