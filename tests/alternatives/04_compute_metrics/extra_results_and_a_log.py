"""More results than asked for, some of them NaN, nested or lists; a log of all calls; whole arrays printed."""

import numpy as np
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, matthews_corrcoef

history = []


def compute_metrics(eval_preds):
    logits, labels = eval_preds.predictions.copy(), eval_preds.label_ids
    predictions = np.argmax(logits, axis=-1)
    print(logits)
    print(labels, predictions)
    negatives = int((labels == 0).sum())
    results = {
        "f1": f1_score(labels, predictions, zero_division=0.0),
        "accuracy": accuracy_score(labels, predictions),
        "specificity": float((predictions[labels == 0] == 0).sum() / negatives) if negatives else float("nan"),
        "mcc": matthews_corrcoef(labels, predictions),
        "confusion": {"matrix": confusion_matrix(labels, predictions, labels=[0, 1]).tolist()},
        "predicted": predictions.tolist(),
        "evaluations": len(history) + 1,
    }
    history.append(results)
    return results
