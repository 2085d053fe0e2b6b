"""A training run.

misconception: a model is evaluated on what it has learnt
caught_by: test_evaluates_on_the_validation_split
diagnosis: pairs of 'train'
"""

import numpy as np
from sklearn.metrics import accuracy_score, f1_score
from transformers import AutoModelForSequenceClassification, AutoTokenizer, Trainer


def compute_metrics(eval_preds):
    predictions = np.argmax(eval_preds.predictions, axis=-1)
    labels = eval_preds.label_ids
    return {"accuracy": accuracy_score(labels, predictions), "f1": f1_score(labels, predictions)}


def build_trainer(checkpoint, raw_datasets, training_args):
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)

    def tokenize(batch):
        return tokenizer(batch["sentence1"], batch["sentence2"], truncation=True)

    train = raw_datasets["train"].map(tokenize, batched=True)
    model = AutoModelForSequenceClassification.from_pretrained(checkpoint, num_labels=2)
    return Trainer(
        model=model,
        args=training_args,
        train_dataset=train,
        eval_dataset=train,
        processing_class=tokenizer,
        compute_metrics=compute_metrics,
    )


def train_and_evaluate(trainer):
    trainer.train()
    return trainer.evaluate()
