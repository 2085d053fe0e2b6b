"""A training run.

misconception: a model needs input_ids and attention_mask, all else is clutter
caught_by: test_a_pair_is_one_sequence_with_two_segments
diagnosis: second sentence from the first
"""

import evaluate
import numpy as np
from transformers import AutoModelForSequenceClassification, AutoTokenizer, DataCollatorWithPadding, Trainer


def compute_metrics(eval_preds):
    metric = evaluate.load("glue", "mrpc")
    logits, labels = eval_preds
    return metric.compute(predictions=np.argmax(logits, axis=-1), references=labels)


def build_trainer(checkpoint, raw_datasets, training_args):
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    model = AutoModelForSequenceClassification.from_pretrained(checkpoint, num_labels=2)

    def tokenize_function(example):
        return tokenizer(example["sentence1"], example["sentence2"], truncation=True, return_token_type_ids=False)

    data = raw_datasets.map(tokenize_function, batched=True)
    data = data.remove_columns(["sentence1", "sentence2", "idx"])
    return Trainer(
        model=model,
        args=training_args,
        train_dataset=data["train"],
        eval_dataset=data["validation"],
        data_collator=DataCollatorWithPadding(tokenizer=tokenizer),
        processing_class=tokenizer,
        compute_metrics=compute_metrics,
    )


def train_and_evaluate(trainer):
    trainer.train()
    return trainer.evaluate()
