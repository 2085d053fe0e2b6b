"""Precision for `evaluate.load("precision")`: the share of the predicted positives that are positive.

Same inputs, options and result as the Hub's metric of that name; computed by scikit-learn. It is
0 where nothing is predicted positive.
"""

import datasets
import evaluate
from sklearn.metrics import precision_score


class Precision(evaluate.Metric):
    """`compute(predictions=, references=, **options)`.

    Options: labels=None, pos_label=1, average="binary", sample_weight=None, zero_division=0. The result is
    `{"precision": float}`, or an array with one number per label where `average` is None.
    """

    def _info(self):
        label = datasets.Value("int32")
        if self.config_name == "multilabel":
            label = datasets.Sequence(label)
        return evaluate.MetricInfo(
            description="The share of the predicted positives that are positive.",
            citation="",
            inputs_description=self.__doc__,
            features=datasets.Features(predictions=label, references=label),
            reference_urls=["https://scikit-learn.org/stable/modules/model_evaluation.html"],
        )

    def _compute(
        self,
        predictions,
        references,
        labels=None,
        pos_label=1,
        average="binary",
        sample_weight=None,
        zero_division=0,
    ):
        score = precision_score(
            references,
            predictions,
            labels=labels,
            pos_label=pos_label,
            average=average,
            sample_weight=sample_weight,
            zero_division=zero_division,
        )
        return {"precision": score if average is None else float(score)}
