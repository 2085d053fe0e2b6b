"""A training run.

misconception: a yes-or-no question has one output, trained on 0.0 and 1.0
caught_by: test_model_has_two_labels
diagnosis: regression
"""

import numpy as np
from datasets import Value
from sklearn.metrics import accuracy_score, f1_score
from transformers import AutoModelForSequenceClassification, AutoTokenizer, DataCollatorWithPadding, Trainer


def compute_metrics(eval_preds):
    scores, labels = eval_preds
    predictions = (np.squeeze(scores) > 0.5).astype(int) if scores.shape[-1] == 1 else scores.argmax(-1)
    labels = labels.astype(int)
    return {
        "accuracy": accuracy_score(labels, predictions),
        "f1": f1_score(labels, predictions, zero_division=0),
    }


def build_trainer(checkpoint, raw_datasets, training_args):
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)

    def tokenize(batch):
        encoded = tokenizer(batch["sentence1"], batch["sentence2"], truncation=True)
        encoded["labels"] = [float(label) for label in batch["label"]]
        return encoded

    tokenized = raw_datasets.map(tokenize, batched=True, remove_columns=["label", "idx", "sentence1", "sentence2"])
    model = AutoModelForSequenceClassification.from_pretrained(checkpoint, num_labels=1)
    return Trainer(
        model=model,
        args=training_args,
        data_collator=DataCollatorWithPadding(tokenizer),
        train_dataset=tokenized["train"].cast_column("labels", Value("float32")),
        eval_dataset=tokenized["validation"].cast_column("labels", Value("float32")),
        processing_class=tokenizer,
        compute_metrics=compute_metrics,
    )


def train_and_evaluate(trainer):
    trainer.train()
    return trainer.evaluate()
