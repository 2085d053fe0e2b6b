"""Saved on Windows (a byte order mark, CRLF), indented with tabs; the name is a partial, and it runs by itself."""

from functools import partial

import numpy as np
from transformers import EvalPrediction


def score(positive: int, eval_preds: EvalPrediction) -> dict[str, float]:
	logits = eval_preds.predictions
	labels = eval_preds.label_ids
	predictions = np.where(logits[:, 1] > logits[:, 0], 1, 0)
	tp, t, p = (
		int(np.count_nonzero((predictions == positive) & (labels == positive))),
		int(np.count_nonzero(labels == positive)),
		int(np.count_nonzero(predictions == positive)),
	)
	return {
		"accuracy": 1 - float(np.count_nonzero(predictions - labels)) / len(labels),
		"f1": 0.0 if t + p == 0 else 2 * tp / (t + p),
	}


compute_metrics = partial(score, 1)

if __name__ == "__main__":
	print(compute_metrics(EvalPrediction(np.eye(2), np.array([0, 1]))))
