"""F1 for `evaluate.load("f1")`: the harmonic mean of precision and recall.

Same inputs, options and result as the Hub's metric of that name; computed by scikit-learn. It is
0 where it is undefined.
"""

import datasets
import evaluate
from sklearn.metrics import f1_score


class F1(evaluate.Metric):
    """`compute(predictions=, references=, **options)`.

    Options: labels=None, pos_label=1, average="binary", sample_weight=None. The result is `{"f1": float}`,
    or an array with one number per label where `average` is None.
    """

    def _info(self):
        label = datasets.Value("int32")
        if self.config_name == "multilabel":
            label = datasets.Sequence(label)
        return evaluate.MetricInfo(
            description="The harmonic mean of precision and recall.",
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
    ):
        score = f1_score(
            references,
            predictions,
            labels=labels,
            pos_label=pos_label,
            average=average,
            sample_weight=sample_weight,
            zero_division=0,
        )
        return {"f1": score if average is None else float(score)}
