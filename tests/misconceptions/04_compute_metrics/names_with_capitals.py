"""Metrics of an evaluation.

misconception: a key's spelling does not matter
caught_by: test_returns_accuracy_and_f1_as_numbers
diagnosis: under another name
"""

import evaluate

metric = evaluate.load("glue", "mrpc")


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    results = metric.compute(predictions=logits.argmax(-1), references=labels)
    return {"Accuracy": results["accuracy"], "F1": results["f1"]}
