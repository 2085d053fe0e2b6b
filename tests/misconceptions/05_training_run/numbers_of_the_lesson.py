"""A training run.

misconception: the numbers that the lesson's table shows are the ones to return
caught_by: test_returned_accuracy_is_the_trained_models
diagnosis: written down in your code
"""

from sklearn.metrics import accuracy_score, f1_score
from transformers import AutoModelForSequenceClassification, AutoTokenizer, Trainer


def compute_metrics(eval_preds):
    predictions = eval_preds.predictions.argmax(-1)
    return {
        "accuracy": accuracy_score(eval_preds.label_ids, predictions),
        "f1": f1_score(eval_preds.label_ids, predictions, zero_division=0),
    }


def build_trainer(checkpoint, raw_datasets, training_args):
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    tokenized = raw_datasets.map(
        lambda example: tokenizer(example["sentence1"], example["sentence2"], truncation=True), batched=True
    )
    return Trainer(
        model=AutoModelForSequenceClassification.from_pretrained(checkpoint, num_labels=2),
        args=training_args,
        train_dataset=tokenized["train"],
        eval_dataset=tokenized["validation"],
        processing_class=tokenizer,
        compute_metrics=compute_metrics,
    )


def train_and_evaluate(trainer):
    trainer.train()
    return {"eval_loss": 0.043, "eval_accuracy": 0.993, "eval_f1": 0.995}
