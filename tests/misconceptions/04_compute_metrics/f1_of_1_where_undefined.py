"""Metrics of an evaluation.

misconception: without any positive there is nothing to get wrong, so F1 is perfect
caught_by: test_f1_is_0_where_it_is_undefined
diagnosis: gives 1
"""

from sklearn.metrics import accuracy_score, f1_score


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    predictions = logits.argmax(-1)
    return {
        "accuracy": accuracy_score(labels, predictions),
        "f1": f1_score(labels, predictions, zero_division=1),
    }
