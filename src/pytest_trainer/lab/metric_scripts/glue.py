"""The GLUE tasks' own metrics for `evaluate.load("glue", TASK)`, for the tasks that are scored by accuracy.

Same inputs and results as the Hub's metric of that name; computed by scikit-learn. F1 is 0 where it is
undefined.
"""

import datasets
import evaluate
from sklearn.metrics import accuracy_score, f1_score

ACCURACY_AND_F1 = ("mrpc", "qqp")
ACCURACY = ("sst2", "mnli", "mnli_matched", "mnli_mismatched", "qnli", "rte", "wnli", "hans")


class Glue(evaluate.Metric):
    """`compute(predictions=, references=)`: accuracy and, for the tasks of pairs alike or not, f1."""

    def _info(self):
        tasks = ACCURACY_AND_F1 + ACCURACY
        if self.config_name not in tasks:
            wanted = ", ".join(tasks)
            raise ValueError(f'evaluate.load("glue", TASK): TASK is one of {wanted}; got {self.config_name!r}')
        label = datasets.Value("int64")
        return evaluate.MetricInfo(
            description="The metrics of the General Language Understanding Evaluation's tasks.",
            citation="",
            inputs_description=self.__doc__,
            features=datasets.Features(predictions=label, references=label),
            format="numpy",
            reference_urls=["https://gluebenchmark.com/tasks"],
        )

    def _compute(self, predictions, references):
        scores = {"accuracy": float(accuracy_score(references, predictions))}
        if self.config_name in ACCURACY_AND_F1:
            scores["f1"] = float(f1_score(references, predictions, zero_division=0))
        return scores
