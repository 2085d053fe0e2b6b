"""A training run.

misconception: a paraphrase goes both ways, so the order of the two sentences does not matter
caught_by: test_a_pair_is_one_sequence_with_two_segments
diagnosis: changed places
"""

import evaluate
from transformers import AutoModelForSequenceClassification, AutoTokenizer, Trainer

metric = evaluate.load("glue", "mrpc")


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    return metric.compute(predictions=logits.argmax(axis=-1), references=labels)


def build_trainer(checkpoint, raw_datasets, training_args):
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)

    def tokenize(row):
        return tokenizer(row["sentence2"], row["sentence1"], truncation=True)

    tokenized = raw_datasets.map(tokenize)
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
    return trainer.evaluate()
