"""Training arguments.

misconception: the settings as a dict are the arguments
caught_by: test_evaluates_at_the_end_of_each_epoch
diagnosis: not yet TrainingArguments
"""


def defaults(output_dir):
    return {"output_dir": output_dir}


def evaluate_each_epoch(output_dir):
    return {"output_dir": output_dir, "eval_strategy": "epoch"}


def mixed_precision(output_dir):
    return {"output_dir": output_dir, "fp16": True}


def effective_batch_of_16(output_dir):
    return {"output_dir": output_dir, "per_device_train_batch_size": 4, "gradient_accumulation_steps": 4}


def cosine_schedule(output_dir):
    return {"output_dir": output_dir, "learning_rate": 2e-5, "lr_scheduler_type": "cosine"}
