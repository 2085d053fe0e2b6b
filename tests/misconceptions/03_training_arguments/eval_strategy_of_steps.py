"""Training arguments.

misconception: evaluating every 500 steps is about once in an epoch
caught_by: test_evaluates_at_the_end_of_each_epoch
diagnosis: counts updates
"""

from transformers import TrainingArguments


def defaults(output_dir):
    return TrainingArguments(output_dir=output_dir)


def evaluate_each_epoch(output_dir):
    return TrainingArguments(output_dir=output_dir, eval_strategy="steps", eval_steps=500)


def mixed_precision(output_dir):
    return TrainingArguments(output_dir=output_dir, fp16=True)


def effective_batch_of_16(output_dir):
    args = TrainingArguments(
        output_dir=output_dir,
        per_device_train_batch_size=4,
        gradient_accumulation_steps=4,
    )
    print("effective batch:", args.train_batch_size * args.gradient_accumulation_steps)
    return args


def cosine_schedule(output_dir):
    return TrainingArguments(output_dir=output_dir, learning_rate=2e-5, lr_scheduler_type="cosine")
