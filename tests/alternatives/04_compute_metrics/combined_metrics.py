"""Four metrics of Evaluate, combined into one; two of them are extras."""

import evaluate

clf_metrics = evaluate.combine(["accuracy", "f1", "precision", "recall"])


def compute_metrics(eval_preds):
    predictions = eval_preds[0].argmax(axis=-1).tolist()
    return clf_metrics.compute(predictions=predictions, references=eval_preds[1].tolist())
