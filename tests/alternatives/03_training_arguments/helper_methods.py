"""The grouped setters of TrainingArguments, and attributes set afterwards where that works."""

from transformers import TrainingArguments


def defaults(output_dir):
    return TrainingArguments(output_dir).set_training().set_save(strategy="epoch", total_limit=1)


def evaluate_each_epoch(output_dir):
    args = TrainingArguments(output_dir).set_logging(strategy="epoch", report_to="none")
    args.eval_strategy = "epoch"
    args.do_eval = True
    return args


def mixed_precision(output_dir):
    return TrainingArguments(output_dir, fp16=True).set_testing(batch_size=32)


def effective_batch_of_16(output_dir):
    return TrainingArguments(output_dir).set_training(batch_size=4, gradient_accumulation_steps=4)


def cosine_schedule(output_dir):
    args = TrainingArguments(output_dir)
    args.set_lr_scheduler(name="cosine")
    args.set_optimizer(learning_rate=2e-5)
    return args
