"""A training run.

misconception: classes of different sizes need a weighted F1
caught_by: test_compute_metrics_gives_accuracy_and_f1
diagnosis: weighted average
"""

import numpy as np
from sklearn.metrics import accuracy_score, precision_recall_fscore_support
from transformers import AutoModelForSequenceClassification, AutoTokenizer, Trainer


def compute_metrics(pred):
    labels = pred.label_ids
    preds = np.argmax(pred.predictions, axis=-1)
    precision, recall, f1, _ = precision_recall_fscore_support(
        labels, preds, average="weighted", zero_division=0
    )
    return {"accuracy": accuracy_score(labels, preds), "f1": f1, "precision": precision, "recall": recall}


def build_trainer(checkpoint, raw_datasets, training_args):
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)

    def encode(batch):
        return tokenizer(batch["sentence1"], batch["sentence2"], truncation=True)

    encoded = raw_datasets.map(encode, batched=True)
    return Trainer(
        model=AutoModelForSequenceClassification.from_pretrained(checkpoint, num_labels=2),
        args=training_args,
        train_dataset=encoded["train"],
        eval_dataset=encoded["validation"],
        processing_class=tokenizer,
        compute_metrics=compute_metrics,
    )


def train_and_evaluate(trainer):
    trainer.train()
    return trainer.evaluate()
