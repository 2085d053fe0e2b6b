"""Saved on Windows (a byte order mark, CRLF, tabs): each micro-batch is cut to its own longest row, and prints."""

from functools import partial

import torch
from torch.nn import functional as F
from transformers import BatchEncoding


def cut(micro_batch):
	longest = int(micro_batch["attention_mask"].sum(dim=1).max())
	return {k: v if v.dim() == 1 else v[:, :longest] for k, v in micro_batch.items()}


def accumulate(model, batch, micro_batch_size, *, log=False):
	n = batch["labels"].shape[0]
	with torch.no_grad():
		full_loss = model(**batch).loss.item()
	for start in range(0, n, micro_batch_size):
		micro_batch = BatchEncoding(cut({k: v[start : start + micro_batch_size] for k, v in batch.items()}))
		out = model(**micro_batch)
		loss = F.cross_entropy(out.logits, micro_batch["labels"], reduction="sum") / n
		loss.backward()
		if log:
			print(out)
	return full_loss


accumulate_gradients = partial(accumulate, log=True)


def mean_loss(outputs: dict, labels: torch.LongTensor, num_items_in_batch: int = None, *args, **kwargs):
	"""A share of the mean."""
	one_hot = F.one_hot(labels, 2)
	per_row = -(one_hot * outputs["logits"].log_softmax(-1)).sum(-1)
	return per_row.sum().div(num_items_in_batch or per_row.numel())
