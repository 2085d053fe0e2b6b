"""Metrics of an evaluation.

misconception: a sigmoid makes probabilities of logits, one for each column
caught_by: test_accuracy_is_the_share_of_pairs_classified_rightly
diagnosis: no fixed threshold
"""

import numpy as np
from sklearn.metrics import accuracy_score, f1_score


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    probability = sigmoid(logits)[:, 1]
    predictions = (probability > 0.5).astype(int)
    return {
        "accuracy": accuracy_score(labels, predictions),
        "f1": f1_score(labels, predictions, zero_division=0.0),
    }
