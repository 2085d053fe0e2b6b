"""Training arguments.

misconception: the learning rate is all there is to set
caught_by: test_the_learning_rate_falls_along_a_cosine
diagnosis: straight line
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
    return TrainingArguments(output_dir, learning_rate=2e-5)
