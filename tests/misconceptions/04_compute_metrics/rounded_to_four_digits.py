"""Metrics of an evaluation.

misconception: results are rounded where they are computed
caught_by: test_numbers_are_exact
diagnosis: rounded to 4 digits
"""

from sklearn.metrics import accuracy_score, f1_score


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    predictions = logits.argmax(axis=-1)
    accuracy = accuracy_score(labels, predictions)
    f1 = f1_score(labels, predictions, zero_division=0)
    return {"accuracy": round(float(accuracy), 4), "f1": round(float(f1), 4)}
