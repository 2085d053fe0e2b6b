"""Metrics of an evaluation.

misconception: label_ids can be used to mark what was right
caught_by: test_leaves_logits_and_labels_unchanged
diagnosis: change an array in place
"""

import numpy as np
from sklearn.metrics import f1_score


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    predictions = np.argmax(logits, axis=-1)
    f1 = f1_score(labels, predictions, zero_division=0)
    labels -= predictions  # 0 where right
    return {"accuracy": float((labels == 0).mean()), "f1": float(f1)}
