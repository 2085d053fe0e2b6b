"""The name is a method of an object, which remembers the best result, and reports it as a further one."""

import numpy as np
from sklearn.metrics import precision_recall_fscore_support


class Scorer:
    def __init__(self):
        self.best = 0.0

    def score(self, eval_preds):
        labels, predictions = eval_preds.label_ids, np.diff(eval_preds.predictions, axis=1).ravel() > 0
        precision, recall, f1, _ = precision_recall_fscore_support(
            labels, predictions, average="binary", zero_division=0
        )
        self.best = max(self.best, f1)
        return dict(
            accuracy=np.float64((labels == predictions).mean()), f1=f1, precision=precision, recall=recall, best=self.best
        )


compute_metrics = Scorer().score
