"""Training arguments.

misconception: one object can be handed out by all functions, each setting what it needs
caught_by: test_cosine_schedule_changes_nothing_else
diagnosis: one and the same object
"""

from transformers import TrainingArguments

args = TrainingArguments("tmp")


def defaults(output_dir):
    args.output_dir = output_dir
    return args


def evaluate_each_epoch(output_dir):
    args.output_dir = output_dir
    args.eval_strategy = "epoch"
    return args


def mixed_precision(output_dir):
    args.output_dir = output_dir
    args.fp16 = True
    return args


def effective_batch_of_16(output_dir):
    args.output_dir = output_dir
    args.per_device_train_batch_size = 4
    args.gradient_accumulation_steps = 4
    return args


def cosine_schedule(output_dir):
    args.output_dir = output_dir
    args.learning_rate = 2e-5
    args.lr_scheduler_type = "cosine"
    return args
