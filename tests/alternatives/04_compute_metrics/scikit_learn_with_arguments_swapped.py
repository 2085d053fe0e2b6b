"""Predictions where scikit-learn wants the truth: for accuracy and for the F1 of one class it is all the same.

A swap turns false positives into false negatives, and both formulas only have their sum.
"""

import warnings

from sklearn import metrics


def compute_metrics(p):
    preds = p.predictions.argmax(axis=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            "accuracy": metrics.accuracy_score(preds, p.label_ids),
            "f1": metrics.f1_score(preds, p.label_ids),
        }
