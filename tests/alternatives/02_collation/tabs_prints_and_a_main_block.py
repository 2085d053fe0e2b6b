"""Indented with tabs; prints what it does, and runs by itself too."""

from __future__ import annotations

from itertools import repeat

import torch
from transformers import AutoTokenizer


def fill(values: list[int], value: int, n: int, left: bool) -> list[int]:
	extra = list(repeat(value, n - len(values)))
	return [*extra, *values] if left else [*values, *extra]


def collate(features, tokenizer, *, verbose=True):
	n = max(len(feature["input_ids"]) for feature in features)
	left = tokenizer.padding_side == "left"
	ids, types, mask, labels = zip(
		*(
			(
				fill(feature["input_ids"], tokenizer.pad_token_id, n, left),
				fill(feature["token_type_ids"], tokenizer.pad_token_type_id, n, left),
				fill(feature["attention_mask"], 0, n, left),
				feature["label"],
			)
			for feature in features
		)
	)
	if verbose:
		print("collating", len(features), "pairs to", n)
		print(ids)
	tensors = map(torch.tensor, (ids, types, mask, labels))
	return dict(zip(("input_ids", "token_type_ids", "attention_mask", "labels"), tensors))


if __name__ == "__main__":
	tok = AutoTokenizer.from_pretrained("bert-base-uncased")
	pairs = [("Sales rose.", "Sales fell."), ("She won.", "She won on Monday.")]
	print(collate([{**tok(a, b), "label": 1} for a, b in pairs], tok))
