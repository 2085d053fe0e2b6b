"""Metrics of an evaluation.

misconception: a quotient that is undefined is NaN in the result as well
caught_by: test_f1_is_0_where_it_is_undefined
diagnosis: gives NaN
"""

import numpy as np


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    predictions = np.argmax(logits, axis=-1)
    accuracy = np.mean(predictions == labels)

    true_positives = np.sum(predictions * labels)
    with np.errstate(divide="ignore", invalid="ignore"):
        precision = true_positives / np.sum(predictions)
        recall = true_positives / np.sum(labels)
        f1 = 2 * precision * recall / (precision + recall)
    return {"accuracy": accuracy, "f1": f1}
