"""Exercise 04: turn what the Trainer collects during evaluation into accuracy and F1."""

from transformers import EvalPrediction


def compute_metrics(eval_preds: EvalPrediction) -> dict[str, float]:
    """Compute accuracy and F1 of a classifier with two classes, from its logits.

    Args:
        eval_preds: an `EvalPrediction`; `logits, labels = eval_preds` unpacks it, its fields have
            the names below, and `[0]` and `[1]` work too.

            - `eval_preds.predictions`: the logits, a float32 numpy array (n, 2), n >= 1. Column 0
              speaks for class 0 (not equivalent), column 1 for class 1 (equivalent). The two
              numbers of a row are never equal.
            - `eval_preds.label_ids`: the true classes, an int64 numpy array (n,) of zeros and ones.

    Returns:
        A dict with at least the two keys below. Each value is one number: a Python float, a numpy
        scalar or a tensor with one element, but not an array.

        - "accuracy": the share of the n pairs that are classified rightly, from 0 to 1.
        - "f1": 2 TP / (2 TP + FP + FN), from 0 to 1. Positive is class 1 (equivalent). Where the
          quotient is 0 / 0 (no true and no predicted positive), F1 is 0.

        The predicted class is the one with the larger logit. The numbers are not rounded (1e-6 is
        all the difference allowed) and never NaN. Further keys and their values are up to you.

    The two arrays are left as they were given, and the numbers depend on this call alone.
    """
    raise NotImplementedError
