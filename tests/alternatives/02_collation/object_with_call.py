"""The name `collate` belongs to an object; its class has a method for each of the batch's keys."""

import torch
from torch.nn import functional as F


class Collator:
    def __init__(self, dtype=torch.int64):
        self.dtype = dtype

    def __call__(self, features, tokenizer):
        self.tokenizer = tokenizer
        self.longest = max(map(len, (f["input_ids"] for f in features)))
        return {
            "labels": torch.tensor([f["label"] for f in features], dtype=self.dtype),
            "attention_mask": self.stack(features, "attention_mask", 0),
            "token_type_ids": self.stack(features, "token_type_ids", tokenizer.pad_token_type_id),
            "input_ids": self.stack(features, "input_ids", tokenizer.pad_token_id),
        }

    def stack(self, features, key, value):
        return torch.stack([self.pad(torch.tensor(f[key], dtype=self.dtype), value) for f in features])

    def pad(self, row, value):
        missing = self.longest - len(row)
        before, after = (missing, 0) if self.tokenizer.padding_side == "left" else (0, missing)
        return F.pad(row, (before, after), value=value)


collate = Collator()
