"""Accuracy for `evaluate.load("accuracy")`: the share of predictions that equal their reference.

Same inputs, options and result as the Hub's metric of that name; computed by scikit-learn.
"""

import datasets
import evaluate
from sklearn.metrics import accuracy_score


class Accuracy(evaluate.Metric):
    """`compute(predictions=, references=, normalize=True, sample_weight=None) -> {"accuracy": float}`."""

    def _info(self):
        label = datasets.Value("int32")
        if self.config_name == "multilabel":
            label = datasets.Sequence(label)
        return evaluate.MetricInfo(
            description="The share of predictions that equal their reference.",
            citation="",
            inputs_description=self.__doc__,
            features=datasets.Features(predictions=label, references=label),
            reference_urls=["https://scikit-learn.org/stable/modules/model_evaluation.html"],
        )

    def _compute(self, predictions, references, normalize=True, sample_weight=None):
        accuracy = accuracy_score(references, predictions, normalize=normalize, sample_weight=sample_weight)
        return {"accuracy": float(accuracy)}
