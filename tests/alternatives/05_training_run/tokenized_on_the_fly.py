"""A torch Dataset that tokenizes a pair when it is asked for, and a collator written by hand."""

import evaluate
import torch
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import Dataset
from transformers import AutoModelForSequenceClassification, AutoTokenizer, Trainer

METRIC = evaluate.combine(["accuracy", "f1"])


class Pairs(Dataset):
    def __init__(self, rows, tokenizer):
        self.rows, self.tokenizer = rows, tokenizer

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        row = self.rows[index]
        encoding = self.tokenizer(row["sentence1"], row["sentence2"], truncation=True)
        return {**encoding, "labels": row["label"]}


class Collate:
    def __init__(self, tokenizer):
        self.fill = {"input_ids": tokenizer.pad_token_id, "token_type_ids": tokenizer.pad_token_type_id}

    def __call__(self, examples):
        batch = {
            key: pad_sequence(
                [torch.tensor(example[key]) for example in examples],
                batch_first=True,
                padding_value=self.fill.get(key, 0),
            )
            for key in ("input_ids", "token_type_ids", "attention_mask")
        }
        return batch | {"labels": torch.tensor([example["labels"] for example in examples])}


def compute_metrics(eval_preds):
    return METRIC.compute(predictions=eval_preds[0].argmax(-1), references=eval_preds[1])


def build_trainer(checkpoint, raw_datasets, training_args):
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    model = AutoModelForSequenceClassification.from_pretrained(checkpoint, num_labels=2)
    return Trainer(
        model,
        training_args,
        data_collator=Collate(tokenizer),
        train_dataset=Pairs(raw_datasets["train"], tokenizer),
        eval_dataset=Pairs(raw_datasets["validation"], tokenizer),
        processing_class=tokenizer,
        compute_metrics=compute_metrics,
    )


def train_and_evaluate(trainer):
    trainer.train()
    return trainer.evaluate(trainer.eval_dataset)
