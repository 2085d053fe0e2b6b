"""A training run.

misconception: only training needs truncation
caught_by: test_truncates_to_the_tokenizers_own_limit
diagnosis: Nothing seems to be cut off
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

    def tokenize_whole(batch):
        return tokenizer(batch["sentence1"], batch["sentence2"])

    train = raw_datasets["train"].map(tokenize, batched=True)
    validation = raw_datasets["validation"].map(tokenize_whole, batched=True)
    model = AutoModelForSequenceClassification.from_pretrained(checkpoint, num_labels=2)
    return Trainer(
        model=model,
        args=training_args,
        train_dataset=train,
        eval_dataset=validation,
        processing_class=tokenizer,
        compute_metrics=compute_metrics,
    )


def train_and_evaluate(trainer):
    trainer.train()
    return trainer.evaluate()
