"""Metrics of an evaluation.

misconception: the positive class is the first one
caught_by: test_f1_is_that_of_the_equivalent_class
diagnosis: F1 of class 0
"""

import numpy as np
from sklearn.metrics import accuracy_score, f1_score


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    predictions = np.argmax(logits, axis=1)
    accuracy = accuracy_score(labels, predictions)
    f1 = f1_score(labels, predictions, pos_label=0, zero_division=0)
    return dict(accuracy=accuracy, f1=f1)
