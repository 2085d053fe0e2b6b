"""A training run.

misconception: 1 is the class one wants to find, so the labels have to be turned round
caught_by: test_training_lowers_the_evaluation_loss
diagnosis: turned round
"""

import evaluate
from transformers import AutoModelForSequenceClassification, AutoTokenizer, DataCollatorWithPadding, Trainer

metric = evaluate.load("glue", "mrpc")


def compute_metrics(eval_preds):
    predictions = eval_preds.predictions.argmax(axis=1)
    return metric.compute(predictions=predictions, references=eval_preds.label_ids)


def build_trainer(checkpoint, raw_datasets, training_args):
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)

    def prepare(batch):
        encoded = tokenizer(batch["sentence1"], batch["sentence2"], truncation=True)
        encoded["labels"] = [1 - label for label in batch["label"]]
        return encoded

    tokenized = raw_datasets.map(prepare, batched=True, remove_columns=raw_datasets["train"].column_names)
    return Trainer(
        AutoModelForSequenceClassification.from_pretrained(checkpoint, num_labels=2),
        training_args,
        train_dataset=tokenized["train"],
        eval_dataset=tokenized["validation"],
        data_collator=DataCollatorWithPadding(tokenizer),
        processing_class=tokenizer,
        compute_metrics=compute_metrics,
    )


def train_and_evaluate(trainer):
    trainer.train()
    return trainer.evaluate()
