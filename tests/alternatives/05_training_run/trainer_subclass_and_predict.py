"""A subclass of Trainer with a loss of its own; the numbers come from predict(), under evaluate()'s names."""

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, Trainer, TrainerCallback


class Progress(TrainerCallback):
    def on_epoch_end(self, args, state, control, **kwargs):
        print(f"epoch {state.epoch:.0f} of {args.num_train_epochs:.0f} done")


class PairTrainer(Trainer):
    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        labels = inputs.pop("labels")
        outputs = model(**inputs)
        loss = torch.nn.functional.cross_entropy(outputs.logits, labels)
        return (loss, {"loss": loss, "logits": outputs.logits}) if return_outputs else loss


def accuracy_and_f1(eval_preds):
    logits, labels = map(torch.as_tensor, eval_preds)
    predictions = logits.argmax(dim=-1)
    tp = (predictions * labels).sum()
    total = predictions.sum() + labels.sum()
    return {
        "accuracy": (predictions == labels).double().mean().item(),
        "f1": (2 * tp / total).item() if total else 0.0,
    }


def build_trainer(checkpoint, raw_datasets, training_args):
    tokenizer = AutoTokenizer.from_pretrained(checkpoint, use_fast=True)

    def prepare(split):
        columns = [c for c in raw_datasets[split].column_names if c != "label"]
        tokenized = raw_datasets[split].map(
            lambda row: tokenizer(row["sentence1"], row["sentence2"], truncation=True), remove_columns=columns
        )
        return tokenized.rename_column("label", "labels")

    return PairTrainer(
        model=AutoModelForSequenceClassification.from_pretrained(checkpoint, num_labels=2),
        args=training_args,
        train_dataset=prepare("train"),
        eval_dataset=prepare("validation"),
        processing_class=tokenizer,
        compute_metrics=accuracy_and_f1,
        callbacks=[Progress()],
    )


def train_and_evaluate(trainer):
    trainer.train()
    return dict(trainer.predict(trainer.eval_dataset, metric_key_prefix="eval").metrics)
