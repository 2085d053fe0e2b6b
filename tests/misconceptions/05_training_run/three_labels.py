"""A training run.

misconception: equivalent, not equivalent and undecided make three labels
caught_by: test_model_has_two_labels
diagnosis: which makes two
"""

import numpy as np
from sklearn.metrics import accuracy_score, f1_score
from transformers import AutoModelForSequenceClassification, AutoTokenizer, Trainer


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    predictions = np.argmax(logits[:, :2], axis=-1)
    return {"accuracy": accuracy_score(labels, predictions), "f1": f1_score(labels, predictions, zero_division=0)}


def build_trainer(checkpoint, raw_datasets, training_args):
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    tokenized = raw_datasets.map(
        lambda batch: tokenizer(batch["sentence1"], batch["sentence2"], truncation=True), batched=True
    )
    model = AutoModelForSequenceClassification.from_pretrained(checkpoint, num_labels=3)
    return Trainer(
        model,
        training_args,
        train_dataset=tokenized["train"],
        eval_dataset=tokenized["validation"],
        processing_class=tokenizer,
        compute_metrics=compute_metrics,
    )


def train_and_evaluate(trainer):
    trainer.train()
    return trainer.evaluate()
