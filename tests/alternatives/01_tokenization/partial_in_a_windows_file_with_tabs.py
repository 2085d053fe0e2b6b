"""Saved on Windows, with tabs: a partial over a lambda, and a main block."""

from functools import partial
from operator import itemgetter

sentences = itemgetter("sentence1", "sentence2")


def encode(columns, settings, example, tokenizer):
	batch = tokenizer(*columns(example), **settings)
	return {
		**batch,
		"label": example["label"],
	}


tokenize_function = partial(encode, sentences, {"truncation": True})

if __name__ == "__main__":
	print(sentences({"sentence1": "a", "sentence2": "b"}))
