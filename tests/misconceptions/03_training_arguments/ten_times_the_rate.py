"""Training arguments.

misconception: 2e-5 is 0.0002
caught_by: test_the_highest_learning_rate_is_2e_5
diagnosis: 0.00002
"""

from transformers import TrainingArguments


def defaults(output_dir):
    return TrainingArguments(output_dir)


def evaluate_each_epoch(output_dir):
    return TrainingArguments(output_dir, eval_strategy="epoch")


def mixed_precision(output_dir):
    return TrainingArguments(output_dir, fp16=True)


def effective_batch_of_16(output_dir):
    return TrainingArguments(
        output_dir, per_device_train_batch_size=4, gradient_accumulation_steps=4
    )


def cosine_schedule(output_dir):
    return TrainingArguments(output_dir, learning_rate=0.0002, lr_scheduler_type="cosine")
