"""Metrics of an evaluation.

misconception: a logit above 0 means yes, so one column is enough
caught_by: test_only_the_larger_logit_of_a_row_matters
diagnosis: second logit against 0
"""

from sklearn.metrics import accuracy_score, f1_score


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    # a logit of 0 is a probability of one half
    preds = (logits[:, 1] > 0).astype("int64")
    acc = accuracy_score(y_true=labels, y_pred=preds)
    f1 = f1_score(y_true=labels, y_pred=preds, zero_division=0)
    return {"accuracy": acc, "f1": f1}
