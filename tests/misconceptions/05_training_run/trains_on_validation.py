"""A training run.

misconception: the smaller split is the one to train on, the larger one to evaluate on
caught_by: test_trains_on_the_train_split
diagnosis: 'validation' are among the training batches
"""

import numpy as np
from sklearn.metrics import accuracy_score, f1_score
from transformers import AutoModelForSequenceClassification, AutoTokenizer, Trainer


def build_trainer(checkpoint, raw_datasets, training_args):
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)

    def compute_metrics(eval_preds):
        predictions = np.argmax(eval_preds[0], axis=-1)
        return {
            "accuracy": accuracy_score(eval_preds[1], predictions),
            "f1": f1_score(eval_preds[1], predictions, zero_division=0),
        }

    def tokenized(split):
        return raw_datasets[split].map(
            lambda rows: tokenizer(rows["sentence1"], rows["sentence2"], truncation=True), batched=True
        )

    return Trainer(
        AutoModelForSequenceClassification.from_pretrained(checkpoint, num_labels=2),
        training_args,
        train_dataset=tokenized("validation"),
        eval_dataset=tokenized("train"),
        processing_class=tokenizer,
        compute_metrics=compute_metrics,
    )


def train_and_evaluate(trainer):
    trainer.train()
    return trainer.evaluate()
