"""Training arguments.

misconception: an epoch of MRPC has 459 steps, so every 459 steps is every epoch
caught_by: test_evaluates_at_the_end_of_each_epoch
diagnosis: counts updates
"""

from transformers import TrainingArguments

STEPS_PER_EPOCH = 3668 // 8 + 1


def defaults(output_dir):
    return TrainingArguments(output_dir)


def evaluate_each_epoch(output_dir):
    return TrainingArguments(output_dir, eval_strategy="steps", eval_steps=STEPS_PER_EPOCH)


def mixed_precision(output_dir):
    return TrainingArguments(output_dir, fp16=True)


def effective_batch_of_16(output_dir):
    return TrainingArguments(
        output_dir, per_device_train_batch_size=4, gradient_accumulation_steps=4
    )


def cosine_schedule(output_dir):
    return TrainingArguments(output_dir, learning_rate=2e-5, lr_scheduler_type="cosine")
