"""Training arguments for whatever machine the script runs on.

misconception: any 16 bits will do
caught_by: test_mixed_precision_is_fp16
diagnosis: another format of 16 bits
"""

import torch
from transformers import TrainingArguments


def defaults(output_dir):
    return TrainingArguments(output_dir=output_dir)


def evaluate_each_epoch(output_dir):
    return TrainingArguments(output_dir=output_dir, eval_strategy="epoch")


def mixed_precision(output_dir):
    on_gpu = torch.cuda.is_available()
    return TrainingArguments(output_dir=output_dir, bf16=on_gpu)


def effective_batch_of_16(output_dir):
    return TrainingArguments(output_dir=output_dir, per_device_train_batch_size=4, gradient_accumulation_steps=4)


def cosine_schedule(output_dir):
    return TrainingArguments(output_dir=output_dir, learning_rate=2e-5, lr_scheduler_type="cosine")
