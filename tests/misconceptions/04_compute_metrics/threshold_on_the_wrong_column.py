"""Metrics of an evaluation.

misconception: column 0 of the softmax is the probability that the pair is equivalent
caught_by: test_accuracy_is_the_share_of_pairs_classified_rightly
diagnosis: column 0 speaks for class 0
"""

from scipy.special import softmax
from sklearn.metrics import accuracy_score, f1_score


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    probabilities = softmax(logits, axis=-1)
    preds = (probabilities[:, 0] > 0.5).astype(int)
    return {
        "accuracy": accuracy_score(labels, preds),
        "f1": f1_score(labels, preds, zero_division=0),
    }
