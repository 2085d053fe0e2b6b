"""Metrics of an evaluation, as an object that counts.

misconception: the counts of all batches are needed, so they are kept on the object
caught_by: test_numbers_depend_on_this_call_alone
diagnosis: earlier calls have collected
"""

import numpy as np


class Metrics:
    def __init__(self):
        self.tp = self.fp = self.fn = self.tn = 0

    def __call__(self, eval_preds):
        predicted = np.argmax(eval_preds.predictions, axis=-1)
        actual = eval_preds.label_ids
        self.tp += int(((predicted == 1) & (actual == 1)).sum())
        self.fp += int(((predicted == 1) & (actual == 0)).sum())
        self.fn += int(((predicted == 0) & (actual == 1)).sum())
        self.tn += int(((predicted == 0) & (actual == 0)).sum())
        total = self.tp + self.fp + self.fn + self.tn
        denominator = 2 * self.tp + self.fp + self.fn
        return {
            "accuracy": (self.tp + self.tn) / total,
            "f1": 2 * self.tp / denominator if denominator else 0.0,
        }


compute_metrics = Metrics()
