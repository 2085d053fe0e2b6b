"""All defaults written out, enums instead of strings, and everything that is free set to something else."""

from pathlib import Path

from transformers import IntervalStrategy, SchedulerType, TrainingArguments
from transformers.training_args import OptimizerNames


def arguments(output_dir, **settings):
    return TrainingArguments(
        **{
            "output_dir": Path(output_dir),
            "num_train_epochs": 3,
            "per_device_train_batch_size": 8,
            "per_device_eval_batch_size": 64,
            "learning_rate": 5e-5,
            "lr_scheduler_type": SchedulerType.LINEAR,
            "warmup_steps": 0,
            "optim": OptimizerNames.ADAMW_TORCH,
            "weight_decay": 0,
            "adam_beta1": 0.9,
            "adam_beta2": 0.999,
            "adam_epsilon": 1e-8,
            "max_grad_norm": 1,
            "max_steps": -1,
            "gradient_accumulation_steps": 1,
            "seed": 42,
            "eval_strategy": IntervalStrategy.EPOCH,
            "save_strategy": IntervalStrategy.EPOCH,
            "logging_steps": 10,
            "load_best_model_at_end": True,
            "metric_for_best_model": "f1",
            "greater_is_better": True,
            "save_total_limit": 2,
            "report_to": "none",
            "disable_tqdm": True,
            "eval_on_start": True,
            "use_cpu": True,
            "push_to_hub": False,
            "dataloader_num_workers": 0,
            "run_name": "mrpc",
        }
        | settings
    )


def defaults(output_dir: str) -> TrainingArguments:
    return arguments(output_dir)


def evaluate_each_epoch(output_dir: str) -> TrainingArguments:
    return arguments(output_dir)


def mixed_precision(output_dir: str) -> TrainingArguments:
    return arguments(output_dir, fp16=True)


def effective_batch_of_16(output_dir: str) -> TrainingArguments:
    return arguments(output_dir, per_device_train_batch_size=4, gradient_accumulation_steps=16 // 4)


def cosine_schedule(output_dir: str) -> TrainingArguments:
    return arguments(output_dir, learning_rate=2 * 10**-5, lr_scheduler_type=SchedulerType.COSINE)
