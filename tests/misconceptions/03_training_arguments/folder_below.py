"""Training arguments.

misconception: each training makes a folder of its own below the given one
caught_by: test_each_function_uses_the_folder_that_it_is_given
diagnosis: below the given one
"""

import os

from transformers import TrainingArguments


def defaults(output_dir):
    return TrainingArguments(output_dir)


def evaluate_each_epoch(output_dir):
    return TrainingArguments(output_dir, eval_strategy="epoch")


def mixed_precision(output_dir):
    return TrainingArguments(os.path.join(output_dir, "fp16"), fp16=True)


def effective_batch_of_16(output_dir):
    return TrainingArguments(
        output_dir, per_device_train_batch_size=4, gradient_accumulation_steps=4
    )


def cosine_schedule(output_dir):
    return TrainingArguments(output_dir, learning_rate=2e-5, lr_scheduler_type="cosine")
