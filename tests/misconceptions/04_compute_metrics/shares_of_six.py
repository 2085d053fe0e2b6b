"""Metrics of an evaluation, counted by hand.

misconception: an evaluation has six pairs, as in the lesson
caught_by: test_accuracy_is_the_share_of_pairs_classified_rightly
diagnosis: divided by 6
"""


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    right = tp = fp = fn = 0
    for (zero, one), label in zip(logits, labels):
        predicted = 1 if one > zero else 0
        if predicted == label:
            right += 1
            tp += predicted
        elif predicted:
            fp += 1
        else:
            fn += 1
    f1 = 2 * tp / (2 * tp + fp + fn) if tp else 0.0
    return {"accuracy": right / 6, "f1": f1}
