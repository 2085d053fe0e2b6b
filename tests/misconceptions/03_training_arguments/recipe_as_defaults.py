"""Training arguments.

misconception: a good recipe is the default
caught_by: test_defaults_change_nothing_in_the_training
diagnosis: recipe
"""

from transformers import TrainingArguments


def defaults(output_dir):
    return TrainingArguments(
        output_dir=output_dir,
        learning_rate=2e-5,
        per_device_train_batch_size=16,
        per_device_eval_batch_size=16,
        num_train_epochs=5,
        weight_decay=0.01,
    )


def evaluate_each_epoch(output_dir):
    return TrainingArguments(output_dir, eval_strategy="epoch")


def mixed_precision(output_dir):
    return TrainingArguments(output_dir, fp16=True)


def effective_batch_of_16(output_dir):
    return TrainingArguments(
        output_dir, per_device_train_batch_size=4, gradient_accumulation_steps=4
    )


def cosine_schedule(output_dir):
    return TrainingArguments(output_dir, learning_rate=2e-5, lr_scheduler_type="cosine")
