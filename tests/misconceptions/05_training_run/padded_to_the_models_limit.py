"""A training run.

misconception: a model wants its inputs as long as it can read
caught_by: test_pads_each_batch_to_its_own_longest_pair
diagnosis: whatever their batch
"""

import numpy as np
from sklearn.metrics import accuracy_score, f1_score
from transformers import AutoModelForSequenceClassification, AutoTokenizer, Trainer, default_data_collator


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    predictions = np.argmax(logits, axis=-1)
    return {"accuracy": accuracy_score(labels, predictions), "f1": f1_score(labels, predictions, zero_division=0)}


def build_trainer(checkpoint, raw_datasets, training_args):
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)

    def preprocess(rows):
        return tokenizer(rows["sentence1"], rows["sentence2"], truncation=True, padding="max_length")

    data = raw_datasets.map(preprocess, batched=True)
    return Trainer(
        model=AutoModelForSequenceClassification.from_pretrained(checkpoint, num_labels=2),
        args=training_args,
        data_collator=default_data_collator,
        train_dataset=data["train"],
        eval_dataset=data["validation"],
        processing_class=tokenizer,
        compute_metrics=compute_metrics,
    )


def train_and_evaluate(trainer):
    trainer.train()
    return trainer.evaluate()
