"""Metrics of an evaluation.

misconception: accuracy and F1 are per cent
caught_by: test_accuracy_is_the_share_of_pairs_classified_rightly
diagnosis: a percentage
"""

import numpy as np


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    preds = np.argmax(logits, axis=-1)
    accuracy = 100 * (preds == labels).mean()
    tp = np.sum((preds == 1) & (labels == 1))
    wrong = np.sum(preds != labels)
    f1 = 100 * 2 * tp / (2 * tp + wrong) if 2 * tp + wrong else 0.0
    return {"accuracy": accuracy, "f1": f1}
