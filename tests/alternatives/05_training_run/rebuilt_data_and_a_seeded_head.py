"""New data sets are built from lists, row by row; set_seed comes before the head is drawn; the metric knows its labels."""

from datasets import Dataset
from sklearn.metrics import classification_report
from transformers import BertForSequenceClassification, BertTokenizerFast, DataCollatorWithPadding, Trainer, set_seed


def tokenized_rows(pairs, tokenizer):
    for pair in pairs:
        row = dict(tokenizer(pair["sentence1"], pair["sentence2"], truncation=True))
        row["labels"] = int(pair["label"])
        yield row


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    report = classification_report(
        labels, logits.argmax(axis=-1), labels=[0, 1], output_dict=True, zero_division=0
    )
    correct = (labels == logits.argmax(axis=-1)).mean()
    return {"accuracy": correct, "f1": report["1"]["f1-score"], "report": report}


def build_trainer(checkpoint, raw_datasets, training_args):
    tokenizer = BertTokenizerFast.from_pretrained(checkpoint)
    train, validation = (
        Dataset.from_list(list(tokenized_rows(raw_datasets[split], tokenizer))) for split in ("train", "validation")
    )
    set_seed(training_args.seed)
    model = BertForSequenceClassification.from_pretrained(checkpoint, num_labels=2)
    return Trainer(
        model=model,
        args=training_args,
        train_dataset=train,
        eval_dataset=validation,
        data_collator=DataCollatorWithPadding(tokenizer),
        processing_class=tokenizer,
        compute_metrics=compute_metrics,
    )


def train_and_evaluate(trainer):
    trainer.train()
    return trainer.evaluate()
