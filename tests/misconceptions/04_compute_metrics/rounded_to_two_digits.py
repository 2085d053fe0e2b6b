"""Metrics of an evaluation.

misconception: two digits are all that is meaningful
caught_by: test_numbers_are_exact
diagnosis: rounded to 2 digits
"""

import torch


def compute_metrics(eval_preds):
    logits = torch.tensor(eval_preds.predictions)
    labels = torch.tensor(eval_preds.label_ids)
    pred = logits.argmax(dim=-1)
    accuracy = (pred == labels).float().mean().item()
    tp = (pred * labels).sum().item()
    wrong = (pred != labels).sum().item()
    f1 = 0.0 if tp == 0 else 2 * tp / (2 * tp + wrong)
    return {"accuracy": float(f"{accuracy:.2f}"), "f1": float(f"{f1:.2f}")}
