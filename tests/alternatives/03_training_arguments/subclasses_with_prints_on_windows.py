"""Subclasses with defaults of their own, a byte order mark, CRLF, tabs, prints, and a main block."""

from dataclasses import dataclass, field

from transformers import Seq2SeqTrainingArguments, TrainingArguments


@dataclass
class Cosine(TrainingArguments):
	learning_rate: float = field(default=2e-5)
	lr_scheduler_type: str = field(default="cosine")
	note: str = "mine"


class Loud:
	def __init__(self, **settings):
		self.settings = settings

	def __call__(self, output_dir):
		args = Seq2SeqTrainingArguments(output_dir, predict_with_generate=True, **self.settings)
		print(args)
		return args


defaults = Loud()
evaluate_each_epoch = Loud(eval_strategy="epoch", eval_delay=0)
mixed_precision = Loud(fp16=1)
effective_batch_of_16 = Loud(per_device_train_batch_size=4, gradient_accumulation_steps=4)
cosine_schedule = Cosine

if __name__ == "__main__":
	print(cosine_schedule("out"))
