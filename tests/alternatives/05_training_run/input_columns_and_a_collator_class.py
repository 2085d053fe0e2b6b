"""`map` hands over the two columns by their order; a dataclass pads; one combined metric of the library Evaluate."""

from dataclasses import dataclass

import evaluate
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, PreTrainedTokenizerBase, Trainer
from transformers.utils import ModelOutput


@dataclass
class Batch(ModelOutput):
    input_ids: torch.Tensor | None = None
    token_type_ids: torch.Tensor | None = None
    attention_mask: torch.Tensor | None = None
    labels: torch.Tensor | None = None


@dataclass
class Collator:
    tokenizer: PreTrainedTokenizerBase

    def __call__(self, features):
        names = "input_ids", "token_type_ids", "attention_mask"
        padded = self.tokenizer.pad([{name: f[name] for name in names} for f in features], return_tensors="pt")
        return Batch(*(padded[name] for name in names), labels=torch.tensor([f["label"] for f in features]))


def compute_metrics(eval_preds):
    metric = evaluate.combine(["accuracy", "f1"])
    return metric.compute(predictions=eval_preds.predictions.argmax(-1), references=eval_preds.label_ids)


def build_trainer(checkpoint, raw_datasets, training_args):
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)

    def tokenize(*columns):
        return tokenizer(*columns, truncation=True)

    splits = (
        raw_datasets[name].map(tokenize, batched=True, input_columns=["sentence1", "sentence2"])
        for name in ("train", "validation")
    )
    return Trainer(
        AutoModelForSequenceClassification.from_pretrained(checkpoint, num_labels=2),
        training_args,
        Collator(tokenizer),
        *splits,
        tokenizer,
        compute_metrics=compute_metrics,
    )


def train_and_evaluate(trainer):
    trainer.train()
    return trainer.evaluate(trainer.eval_dataset, metric_key_prefix="eval")
