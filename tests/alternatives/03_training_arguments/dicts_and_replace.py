"""One base, copied with dataclasses.replace."""

from dataclasses import replace

from transformers import TrainingArguments

BASE = TrainingArguments("base", report_to="none", save_strategy="no")
SETTINGS = {
    "evaluate_each_epoch": {"eval_strategy": "epoch"},
    "mixed_precision": {"fp16": True},
    "effective_batch_of_16": {"per_device_train_batch_size": 4, "gradient_accumulation_steps": 4},
    "cosine_schedule": {"learning_rate": 2e-5, "lr_scheduler_type": "cosine"},
}


def defaults(output_dir):
    return replace(BASE, output_dir=output_dir)


def evaluate_each_epoch(output_dir):
    return replace(defaults(output_dir), **SETTINGS["evaluate_each_epoch"])


def mixed_precision(output_dir):
    return replace(defaults(output_dir), **SETTINGS["mixed_precision"])


def effective_batch_of_16(output_dir):
    return replace(defaults(output_dir), **SETTINGS["effective_batch_of_16"])


def cosine_schedule(output_dir):
    return replace(defaults(output_dir), **SETTINGS["cosine_schedule"])
