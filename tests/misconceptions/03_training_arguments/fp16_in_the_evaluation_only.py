"""Training arguments.

misconception: fp16_full_eval is the setting for fp16
caught_by: test_mixed_precision_is_fp16
diagnosis: _full_eval put the evaluation
"""

from transformers import TrainingArguments


def defaults(output_dir):
    return TrainingArguments(output_dir)


def evaluate_each_epoch(output_dir):
    return TrainingArguments(output_dir, eval_strategy="epoch")


def mixed_precision(output_dir):
    return TrainingArguments(output_dir, fp16_full_eval=True)


def effective_batch_of_16(output_dir):
    return TrainingArguments(
        output_dir, per_device_train_batch_size=4, gradient_accumulation_steps=4
    )


def cosine_schedule(output_dir):
    return TrainingArguments(output_dir, learning_rate=2e-5, lr_scheduler_type="cosine")
