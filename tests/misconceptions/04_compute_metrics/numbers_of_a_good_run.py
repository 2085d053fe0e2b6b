"""Metrics of an evaluation.

misconception: the numbers that the course reports are the ones to report
caught_by: test_accuracy_is_the_share_of_pairs_classified_rightly
diagnosis: whatever the logits
"""


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    return {"accuracy": 0.8578431372549019, "f1": 0.8996539792387542}
