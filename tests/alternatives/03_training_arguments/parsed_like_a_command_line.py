"""Read by HfArgumentParser, as the library's example scripts do it."""

from transformers import HfArgumentParser, TrainingArguments

PARSER = HfArgumentParser(TrainingArguments)


def parse(output_dir, *words):
    (args,) = PARSER.parse_args_into_dataclasses(["--output_dir", output_dir, *words])
    return args


def defaults(output_dir):
    return parse(output_dir)


def evaluate_each_epoch(output_dir):
    return parse(output_dir, "--do_eval", "--eval_strategy", "epoch")


def mixed_precision(output_dir):
    return parse(output_dir, "--fp16")


def effective_batch_of_16(output_dir):
    return parse(
        output_dir, "--per_device_train_batch_size", "4", "--gradient_accumulation_steps", "4"
    )


def cosine_schedule(output_dir):
    return parse(output_dir, "--learning_rate", "2e-5", "--lr_scheduler_type", "cosine")
