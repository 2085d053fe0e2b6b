"""Training arguments as scripts have them that run on a laptop and on a GPU."""

import torch
from transformers import TrainingArguments


def defaults(output_dir):
    return TrainingArguments(output_dir)


def evaluate_each_epoch(output_dir):
    return TrainingArguments(output_dir, eval_strategy="epoch", save_strategy="epoch")


def mixed_precision(output_dir):
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return TrainingArguments(output_dir, fp16=device.type == "cuda")


def effective_batch_of_16(output_dir):
    return TrainingArguments(output_dir, per_device_train_batch_size=4, gradient_accumulation_steps=16 // 4)


def cosine_schedule(output_dir):
    return TrainingArguments(output_dir, learning_rate=2e-5, lr_scheduler_type="cosine")
