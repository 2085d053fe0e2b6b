"""Metrics of an evaluation.

misconception: axis 0 of the logits is the one that holds the classes
caught_by: test_accuracy_is_the_share_of_pairs_classified_rightly
diagnosis: down each column
"""

import numpy as np


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    predictions = np.argmax(logits, axis=0)
    accuracy = np.mean(predictions == labels)

    tp = np.sum((predictions == 1) & (labels == 1))
    fp = np.sum((predictions == 1) & (labels == 0))
    fn = np.sum((predictions == 0) & (labels == 1))
    f1 = 2 * tp / (2 * tp + fp + fn) if tp > 0 else 0.0
    return {"accuracy": float(accuracy), "f1": float(f1)}
