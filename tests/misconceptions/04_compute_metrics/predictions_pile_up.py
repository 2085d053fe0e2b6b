"""Metrics of an evaluation.

misconception: compute_metrics gets one batch at a time, and has to collect the batches
caught_by: test_numbers_depend_on_this_call_alone
diagnosis: earlier calls have collected
"""

import numpy as np
from sklearn.metrics import accuracy_score, f1_score

all_predictions = []
all_labels = []


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    all_predictions.extend(np.argmax(logits, axis=-1).tolist())
    all_labels.extend(labels.tolist())
    return {
        "accuracy": accuracy_score(all_labels, all_predictions),
        "f1": f1_score(all_labels, all_predictions, zero_division=0),
    }
