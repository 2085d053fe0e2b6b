"""Metrics of an evaluation.

misconception: classes of different sizes need an F1 that is weighted by them
caught_by: test_f1_is_that_of_the_equivalent_class
diagnosis: weighted average
"""

from sklearn.metrics import accuracy_score, precision_recall_fscore_support


def compute_metrics(pred):
    labels = pred.label_ids
    preds = pred.predictions.argmax(-1)
    precision, recall, f1, _ = precision_recall_fscore_support(
        labels, preds, average="weighted", zero_division=0
    )
    acc = accuracy_score(labels, preds)
    return {"accuracy": acc, "f1": f1, "precision": precision, "recall": recall}
