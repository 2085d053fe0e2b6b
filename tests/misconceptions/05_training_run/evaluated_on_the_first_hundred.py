"""A training run.

misconception: a part of the split is enough to tell how good the model is
caught_by: test_returned_accuracy_is_the_trained_models
diagnosis: of a part of the split
"""

import numpy as np
from sklearn.metrics import accuracy_score, f1_score
from transformers import AutoModelForSequenceClassification, AutoTokenizer, Trainer


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    predictions = np.argmax(logits, axis=-1)
    return {"accuracy": accuracy_score(labels, predictions), "f1": f1_score(labels, predictions, zero_division=0)}


def build_trainer(checkpoint, raw_datasets, training_args):
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)

    def tokenize(batch):
        return tokenizer(batch["sentence1"], batch["sentence2"], truncation=True)

    tokenized = raw_datasets.map(tokenize, batched=True)
    model = AutoModelForSequenceClassification.from_pretrained(checkpoint, num_labels=2)
    return Trainer(
        model=model,
        args=training_args,
        train_dataset=tokenized["train"],
        eval_dataset=tokenized["validation"],
        processing_class=tokenizer,
        compute_metrics=compute_metrics,
    )


def train_and_evaluate(trainer):
    trainer.train()
    return trainer.evaluate(trainer.eval_dataset.select(range(100)))
