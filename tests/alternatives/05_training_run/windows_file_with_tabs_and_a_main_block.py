"""Saved on Windows (a byte order mark, CRLF) and indented with tabs; it can be run by itself too."""

import sys

import numpy as np
from datasets import load_dataset
from sklearn.metrics import accuracy_score, f1_score
from transformers import (
	AutoModelForSequenceClassification,
	AutoTokenizer,
	EvalPrediction,
	Trainer,
	TrainingArguments,
)


def compute_metrics(eval_preds: EvalPrediction, *, verbose: bool = False) -> dict[str, float]:
	predictions = np.argmax(eval_preds.predictions, axis=-1)
	if verbose:
		print(predictions, file=sys.stderr)
	return {
		"accuracy": accuracy_score(y_true=eval_preds.label_ids, y_pred=predictions),
		"f1": f1_score(y_true=eval_preds.label_ids, y_pred=predictions, zero_division=0),
	}


def build_trainer(checkpoint, raw_datasets, training_args):
	tok = AutoTokenizer.from_pretrained(checkpoint)
	raw_datasets = raw_datasets.select_columns(["sentence1", "sentence2", "label"])
	ds = raw_datasets.map(lambda b: tok(*[b[c] for c in list(b)[:2]], truncation=True), batched=True)
	ds = ds.shuffle(seed=0)
	return Trainer(
		model=AutoModelForSequenceClassification.from_pretrained(checkpoint, num_labels=2),
		args=training_args,
		train_dataset=ds["train"],
		eval_dataset=ds["validation"],
		processing_class=tok,
		compute_metrics=compute_metrics,
	)


def train_and_evaluate(trainer):
	trainer.train()
	return trainer.evaluate()


if __name__ == "__main__":
	print(
		train_and_evaluate(
			build_trainer("bert-base-uncased", load_dataset("nyu-mll/glue", "mrpc"), TrainingArguments("out"))
		)
	)
