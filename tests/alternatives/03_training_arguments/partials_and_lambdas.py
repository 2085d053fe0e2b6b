"""No def at all."""

from functools import partial

import transformers

defaults = transformers.TrainingArguments
evaluate_each_epoch = partial(transformers.TrainingArguments, eval_strategy="epoch")
mixed_precision = lambda output_dir: transformers.TrainingArguments(output_dir=output_dir, fp16=True)
effective_batch_of_16 = lambda *args: transformers.TrainingArguments(
    *args, **{"per_device_train_batch_size": 4, "gradient_accumulation_steps": 4}
)
cosine_schedule = partial(
    transformers.TrainingArguments, learning_rate=0.00002, lr_scheduler_type="cosine", lr_scheduler_kwargs={}
)
