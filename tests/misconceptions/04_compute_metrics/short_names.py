"""Metrics of an evaluation.

misconception: the keys are names to choose, acc is as good as accuracy
caught_by: test_returns_accuracy_and_f1_as_numbers
diagnosis: under another name
"""

import numpy as np
from sklearn.metrics import accuracy_score, f1_score


def compute_metrics(p):
    preds = np.argmax(p.predictions, axis=1)
    acc = accuracy_score(p.label_ids, preds)
    f1 = f1_score(p.label_ids, preds, zero_division=0)
    return {"acc": acc, "f1_score": f1, "acc_and_f1": (acc + f1) / 2}
