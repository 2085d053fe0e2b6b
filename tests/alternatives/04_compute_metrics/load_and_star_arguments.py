"""`from evaluate import load`, at each call; whatever is handed in is collected by a star."""

from evaluate import load


def compute_metrics(*args, **kwargs):
    [(logits, labels)] = args
    predictions = [max(range(2), key=row.__getitem__) for row in logits.tolist()]
    results = {}
    for name in ("accuracy", "f1"):
        results |= load(name).compute(predictions=predictions, references=labels)
    return results
