"""A mapping of the file's own, which has `keys` and square brackets and no more."""

import numpy as np
import torch


class Batch:
    def __init__(self, **tensors):
        self.__dict__.update(tensors)

    def keys(self):
        return list(self.__dict__)

    def __getitem__(self, key):
        return self.__dict__[key]


def collate(*args):
    features, tokenizer = args
    lengths = [len(f["input_ids"]) for f in features]
    longest = max(lengths)

    def pad(key, value):
        before = [longest - n if tokenizer.padding_side == "left" else 0 for n in lengths]
        rows = [
            np.pad(f[key], (b, longest - n - b), constant_values=value) for f, n, b in zip(features, lengths, before)
        ]
        return torch.as_tensor(np.stack(rows), dtype=torch.int64)

    return Batch(
        input_ids=pad("input_ids", tokenizer.pad_token_id),
        token_type_ids=pad("token_type_ids", tokenizer.pad_token_type_id),
        attention_mask=pad("attention_mask", 0),
        labels=torch.LongTensor([f["label"] for f in features]),
    )
