"""What the checks of 05 look at on the student's side: a Trainer never leaves this file."""

import datasets
import transformers
from torch import nn

from pytest_trainer.submission import Unusable

LOGGED = {"step", "learning_rate"}
SAMPLE = ("The bank bought the firm.", "The firm was bought by the bank.")  # as in reference/pairs.py


class Steps(transformers.TrainerCallback):
    """Counts the steps of all trainings: a second one of the same Trainer begins to count from 0 in its state."""

    taken = 0

    def on_step_end(self, *_args, **_words):
        """One more."""
        self.taken += 1


def train(student, checkpoint, raw_datasets, training_args):
    """One training, looked at before, during and after.

    The models that it saves, in the scratch folder: `fresh` before the training, `trained` after it, `second` from a
    second call of build_trainer.
    """
    trainer = build(student, checkpoint, raw_datasets, training_args)
    before = described(trainer, training_args) | batches(trainer)
    save(trainer, student.scratch / "fresh")
    steps = Steps()
    trainer.add_callback(steps)
    metrics = student.train_and_evaluate(trainer)
    save(trainer, student.scratch / "trained")
    predicted = trainer.predict(trainer.eval_dataset)
    second = build(student, checkpoint, raw_datasets, training_args)
    save(second, student.scratch / "second")
    return before | {
        "metrics": metrics,
        "steps": steps.taken,
        "learning_rates": {
            log["step"]: log["learning_rate"] for log in trainer.state.log_history if set(log) >= LOGGED
        },
        "training_loss": next((log["train_loss"] for log in trainer.state.log_history if "train_loss" in log), None),
        "logits": predicted.predictions,
        "labels": predicted.label_ids,
        "globals": kept_in_globals(student.module),
    }


def batches_of(student, checkpoint, raw_datasets, training_args):
    """The batches of a Trainer that is built and not trained."""
    return batches(build(student, checkpoint, raw_datasets, training_args))


def metrics_of(student, checkpoint, raw_datasets, training_args, *tables):
    """What the Trainer's compute_metrics says of each of these predictions."""
    trainer = build(student, checkpoint, raw_datasets, training_args)
    if trainer.compute_metrics is None:
        raise Unusable("The Trainer has no compute_metrics, so it reports nothing but the loss.")
    return [trainer.compute_metrics(eval_preds) for eval_preds in tables]


def full_run(student, checkpoint, raw_datasets, training_args, supervision):
    """A real training: the returned metrics. The supervision records it and saves the model."""
    with supervision:
        trainer = build(student, checkpoint, raw_datasets, training_args)
        supervision.watch(trainer)
        metrics = student.train_and_evaluate(trainer)
        supervision.save(trainer)
    return metrics


def build(student, checkpoint, raw_datasets, training_args):
    """The student's Trainer, with what it cannot do without."""
    trainer = student.build_trainer(checkpoint, raw_datasets, training_args)
    if not isinstance(trainer, transformers.Trainer):
        raise Unusable(f"build_trainer returned {kind(trainer)}, wanted a transformers.Trainer.")
    for name in ("train_dataset", "eval_dataset"):
        if getattr(trainer, name, None) is None:
            raise Unusable(f"The Trainer has no {name}.")
    if isinstance(trainer.eval_dataset, dict):
        raise Unusable("The Trainer's eval_dataset is a dict of splits, wanted the validation split alone.")
    if not isinstance(trainer.model, nn.Module):
        raise Unusable(f"The Trainer's model is {kind(trainer.model)}, wanted a model.")
    return trainer


def described(trainer, training_args):
    """Settings and tokenizer of a Trainer."""
    tokenizer = getattr(trainer, "processing_class", None)
    usable = isinstance(tokenizer, transformers.PreTrainedTokenizerBase)
    return {
        "args": trainer.args.to_dict(),
        "same_args": trainer.args is training_args,
        "processing_class": kind(tokenizer),
        "processed": list(tokenizer(*SAMPLE)["input_ids"]) if usable else None,
        "has_compute_metrics": trainer.compute_metrics is not None,
    }


def batches(trainer):
    """Every batch of one epoch, as the model gets it."""
    return {
        "train_batches": [dict(batch) for batch in trainer.get_train_dataloader()],
        "eval_batches": [dict(batch) for batch in trainer.get_eval_dataloader()],
    }


def save(trainer, folder):
    """The model's config and weights."""
    trainer.model.save_pretrained(folder)


def kept_in_globals(module):
    """Names in the student's module that hold what should have come as an argument, or gone as a result."""
    kinds = (nn.Module, transformers.Trainer, datasets.Dataset, datasets.DatasetDict)
    return sorted(f"{name} ({kind(value)})" for name, value in vars(module).items() if isinstance(value, kinds))


def kind(value):
    """A type's name with its article."""
    name = type(value).__name__
    return "None" if value is None else f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"
