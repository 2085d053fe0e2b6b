"""Every function collects its arguments by stars, and hands them on to one helper."""

from typing import Any

import transformers


def _arguments(*args: str, **settings: Any) -> transformers.TrainingArguments:
    settings.setdefault("report_to", "none")
    return transformers.TrainingArguments(*args, **settings)


def defaults(*args):
    return _arguments(*args)


def evaluate_each_epoch(*args):
    return _arguments(*args, eval_strategy="epoch")


def mixed_precision(*args):
    return _arguments(*args, fp16=True)


def effective_batch_of_16(*args):
    return _arguments(*args, **dict.fromkeys(("per_device_train_batch_size", "gradient_accumulation_steps"), 4))


def cosine_schedule(*args):
    return _arguments(*args, learning_rate=2 * 10**-5, lr_scheduler_type=transformers.SchedulerType.COSINE)
