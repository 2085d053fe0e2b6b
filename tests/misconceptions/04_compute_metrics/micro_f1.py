"""Metrics of an evaluation.

misconception: micro-averaging is the plain F1, since it counts every pair once
caught_by: test_f1_is_that_of_the_equivalent_class
diagnosis: averaged as 'micro'
"""

import evaluate
import numpy as np

accuracy_metric = evaluate.load("accuracy")
f1_metric = evaluate.load("f1")


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    predictions = np.argmax(logits, axis=-1)
    accuracy = accuracy_metric.compute(predictions=predictions, references=labels)["accuracy"]
    f1 = f1_metric.compute(predictions=predictions, references=labels, average="micro")["f1"]
    return {"accuracy": accuracy, "f1": f1}
