"""Training arguments.

misconception: eval_accumulation_steps accumulates gradients
caught_by: test_an_update_is_made_from_sixteen_rows
diagnosis: eval_accumulation_steps is about
"""

from transformers import TrainingArguments


def defaults(output_dir):
    return TrainingArguments(output_dir)


def evaluate_each_epoch(output_dir):
    return TrainingArguments(output_dir, eval_strategy="epoch")


def mixed_precision(output_dir):
    return TrainingArguments(output_dir, fp16=True)


def effective_batch_of_16(output_dir):
    return TrainingArguments(output_dir, per_device_train_batch_size=4, eval_accumulation_steps=4)


def cosine_schedule(output_dir):
    return TrainingArguments(output_dir, learning_rate=2e-5, lr_scheduler_type="cosine")
