"""Metrics of an evaluation, as computed in the lesson.

misconception: an example's counts are the formula
caught_by: test_f1_is_that_of_the_equivalent_class
diagnosis: whatever the logits
"""

import numpy as np


def compute_metrics(eval_preds):
    predictions = np.argmax(eval_preds.predictions, axis=-1)
    accuracy = np.mean(predictions == eval_preds.label_ids)
    tp, fp, fn = 3, 1, 1
    return {"accuracy": accuracy, "f1": 2 * tp / (2 * tp + fp + fn)}
