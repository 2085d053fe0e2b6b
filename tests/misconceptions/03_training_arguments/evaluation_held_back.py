"""Training arguments.

misconception: an untrained model need not be evaluated, so the evaluation is delayed by an epoch
caught_by: test_evaluates_at_the_end_of_each_epoch
diagnosis: eval_delay holds
"""

from transformers import TrainingArguments


def defaults(output_dir):
    return TrainingArguments(output_dir)


def evaluate_each_epoch(output_dir):
    # the first epoch is only warming up
    return TrainingArguments(output_dir, eval_strategy="epoch", eval_delay=1.5)


def mixed_precision(output_dir):
    return TrainingArguments(output_dir, fp16=True)


def effective_batch_of_16(output_dir):
    return TrainingArguments(
        output_dir, per_device_train_batch_size=4, gradient_accumulation_steps=4
    )


def cosine_schedule(output_dir):
    return TrainingArguments(output_dir, learning_rate=2e-5, lr_scheduler_type="cosine")
