"""Exercise 05: build a Trainer that fine-tunes a checkpoint on sentence pairs; train; evaluate."""

from datasets import DatasetDict
from transformers import Trainer, TrainingArguments


def build_trainer(checkpoint: str, raw_datasets: DatasetDict, training_args: TrainingArguments) -> Trainer:
    """Build a Trainer that is ready to fine-tune `checkpoint` to recognise paraphrases.

    Args:
        checkpoint: name or folder of a pretrained model with its tokenizer. A classification head
            is not among its weights.
        raw_datasets: the splits "train", "validation" and "test" with the columns of MRPC:
            `sentence1` and `sentence2` (strings), `label` (0 or 1) and `idx`.
        training_args: how to train. They go to the Trainer as they are; change nothing in them.

    Returns:
        A Trainer that has not trained yet. What it consists of:

        - model: for sequence classification with two labels, whatever number the checkpoint's config
          names, loaded from `checkpoint` anew at each call, so that no call gets a model that an
          earlier one has trained;
        - train_dataset and eval_dataset: all pairs of "train" and all pairs of "validation",
          tokenized. A pair is one sequence with two segments, sentence1 before sentence2,
          truncated, from the longer sentence first, where it exceeds `tokenizer.model_max_length`.
          It is not padded yet;
        - padding: batch by batch, to the longest pair of the batch;
        - processing_class: the tokenizer of `checkpoint`;
        - compute_metrics: gives "accuracy" and "f1" as in exercise 04;
        - args: `training_args` itself.

        Nothing is written outside `training_args.output_dir`.
    """
    raise NotImplementedError


def train_and_evaluate(trainer: Trainer) -> dict[str, float]:
    """Train the given Trainer's model, then evaluate it on the Trainer's evaluation split.

    Args:
        trainer: a Trainer that `build_trainer` made.

    Returns:
        The metrics of the trained model on the validation split, under the names which
        `Trainer.evaluate` gives them: "eval_loss", "eval_accuracy", "eval_f1" and others. They
        belong to the model that `trainer.model` is at the end: evaluating that model once more
        gives the same accuracy and F1.

    Nothing is written outside `trainer.args.output_dir`.
    """
    raise NotImplementedError
