"""Training arguments.

misconception: the folder is called test-trainer, as on the course page
caught_by: test_each_function_uses_the_folder_that_it_is_given
diagnosis: always the same
"""

from transformers import TrainingArguments


def defaults(output_dir):
    return TrainingArguments("test-trainer")


def evaluate_each_epoch(output_dir):
    return TrainingArguments("test-trainer", eval_strategy="epoch")


def mixed_precision(output_dir):
    return TrainingArguments("test-trainer", fp16=True)


def effective_batch_of_16(output_dir):
    return TrainingArguments("test-trainer", per_device_train_batch_size=4, gradient_accumulation_steps=4)


def cosine_schedule(output_dir):
    return TrainingArguments("test-trainer", learning_rate=2e-5, lr_scheduler_type="cosine")
