"""A training run.

misconception: sentences are short, so there is no need to truncate
caught_by: test_truncates_to_the_tokenizers_own_limit
diagnosis: Nothing seems to be cut off
"""

from sklearn.metrics import accuracy_score, f1_score
from transformers import AutoModelForSequenceClassification, AutoTokenizer, DataCollatorWithPadding, Trainer


def compute_metrics(eval_preds):
    predictions = eval_preds.predictions.argmax(axis=1)
    return {
        "accuracy": accuracy_score(eval_preds.label_ids, predictions),
        "f1": f1_score(eval_preds.label_ids, predictions, zero_division=0),
    }


def build_trainer(checkpoint, raw_datasets, training_args):
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    model = AutoModelForSequenceClassification.from_pretrained(checkpoint, num_labels=2)
    encoded = raw_datasets.map(lambda ex: tokenizer(ex["sentence1"], ex["sentence2"]), batched=True)
    return Trainer(
        model=model,
        args=training_args,
        train_dataset=encoded["train"],
        eval_dataset=encoded["validation"],
        data_collator=DataCollatorWithPadding(tokenizer),
        processing_class=tokenizer,
        compute_metrics=compute_metrics,
    )


def train_and_evaluate(trainer):
    trainer.train()
    return trainer.evaluate()
