"""As the course's page has it, with the folder as an argument."""

from transformers import TrainingArguments


def defaults(output_dir):
    training_args = TrainingArguments(output_dir)
    return training_args


def evaluate_each_epoch(output_dir):
    training_args = TrainingArguments(output_dir, eval_strategy="epoch")
    return training_args


def mixed_precision(output_dir):
    training_args = TrainingArguments(
        output_dir,
        eval_strategy="epoch",
        fp16=True,  # Enable mixed precision
    )
    return training_args


def effective_batch_of_16(output_dir):
    training_args = TrainingArguments(
        output_dir,
        eval_strategy="epoch",
        per_device_train_batch_size=4,
        gradient_accumulation_steps=4,  # Effective batch size = 4 * 4 = 16
    )
    return training_args


def cosine_schedule(output_dir):
    training_args = TrainingArguments(
        output_dir,
        eval_strategy="epoch",
        learning_rate=2e-5,
        lr_scheduler_type="cosine",  # Try different schedulers
    )
    return training_args
