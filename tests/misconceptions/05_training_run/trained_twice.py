"""Fine-tuning that wants to be sure.

misconception: more training than the arguments say does no harm
caught_by: test_uses_the_given_arguments_as_they_are
diagnosis: seems to have run 2 times
"""

import evaluate
import numpy as np
from transformers import AutoModelForSequenceClassification, AutoTokenizer, DataCollatorWithPadding, Trainer, set_seed


def build_trainer(checkpoint, raw_datasets, training_args):
    set_seed(training_args.seed)
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)

    def tokenize_function(example):
        return tokenizer(example["sentence1"], example["sentence2"], truncation=True)

    tokenized_datasets = raw_datasets.map(tokenize_function, batched=True)

    def compute_metrics(eval_preds):
        metric = evaluate.load("glue", "mrpc")
        logits, labels = eval_preds
        return metric.compute(predictions=np.argmax(logits, axis=-1), references=labels)

    return Trainer(
        AutoModelForSequenceClassification.from_pretrained(checkpoint, num_labels=2),
        training_args,
        train_dataset=tokenized_datasets["train"],
        eval_dataset=tokenized_datasets["validation"],
        data_collator=DataCollatorWithPadding(tokenizer),
        processing_class=tokenizer,
        compute_metrics=compute_metrics,
    )


def train_and_evaluate(trainer):
    trainer.train()
    metrics = trainer.evaluate()
    # Once more: a little more training cannot hurt.
    trainer.train()
    return {**metrics, **trainer.evaluate()}
