"""Metrics of an evaluation.

misconception: the model returns classes, up to rounding
caught_by: test_accuracy_is_the_share_of_pairs_classified_rightly
diagnosis: A logit is no class
"""

import numpy as np


def compute_metrics(eval_preds):
    predictions, labels = eval_preds
    predictions = np.rint(predictions[:, 1])
    correct = predictions == labels
    tp = ((predictions == 1) & (labels == 1)).sum()
    precision = tp / max((predictions == 1).sum(), 1)
    recall = tp / max((labels == 1).sum(), 1)
    f1 = 2 * precision * recall / (precision + recall) if tp else 0.0
    return {"accuracy": correct.mean(), "f1": f1}
