"""Metrics of an evaluation.

misconception: without any positive there is nothing to get wrong, so F1 is perfect
caught_by: F1 where it is undefined
"""

from sklearn.metrics import accuracy_score, f1_score


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    predictions = logits.argmax(-1)
    return {
        "accuracy": accuracy_score(labels, predictions),
        "f1": f1_score(labels, predictions, zero_division=1),
    }
