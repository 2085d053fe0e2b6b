"""Training arguments.

misconception: the argument is called evaluation_strategy, as in older tutorials
caught_by: test_evaluates_at_the_end_of_each_epoch
diagnosis: called `eval_strategy` today
"""

from transformers import TrainingArguments


def defaults(output_dir):
    return TrainingArguments(output_dir)


def evaluate_each_epoch(output_dir):
    return TrainingArguments(output_dir, evaluation_strategy="epoch")


def mixed_precision(output_dir):
    return TrainingArguments(output_dir, fp16=True)


def effective_batch_of_16(output_dir):
    return TrainingArguments(
        output_dir, per_device_train_batch_size=4, gradient_accumulation_steps=4
    )


def cosine_schedule(output_dir):
    return TrainingArguments(output_dir, learning_rate=2e-5, lr_scheduler_type="cosine")
