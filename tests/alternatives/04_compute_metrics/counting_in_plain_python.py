"""Nothing but loops and whole numbers."""


def compute_metrics(eval_preds):
    counts = {"tp": 0, "fp": 0, "fn": 0, "tn": 0}
    for (no, yes), label in zip(eval_preds.predictions.tolist(), eval_preds.label_ids.tolist()):
        if yes > no:
            counts["tp" if label == 1 else "fp"] += 1
        else:
            counts["fn" if label == 1 else "tn"] += 1
    try:
        precision = counts["tp"] / (counts["tp"] + counts["fp"])
        recall = counts["tp"] / (counts["tp"] + counts["fn"])
        f1 = 2 * precision * recall / (precision + recall)
    except ZeroDivisionError:
        f1 = 0
    return {"accuracy": (counts["tp"] + counts["tn"]) / sum(counts.values()), "f1": f1}
