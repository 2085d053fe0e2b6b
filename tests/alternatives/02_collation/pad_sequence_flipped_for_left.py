"""pad_sequence pads on the right; flipping before and after puts the padding on the left."""

from functools import partial

import torch
from torch.nn.utils.rnn import pad_sequence


def _pad_right(rows, value):
    return pad_sequence([torch.as_tensor(row) for row in rows], batch_first=True, padding_value=value)


def _pad_left(rows, value):
    return _pad_right([row[::-1] for row in rows], value).flip(dims=[1])


PAD = {"right": _pad_right, "left": _pad_left}


def collate(features: list, tokenizer) -> dict[str, torch.Tensor]:
    pad = PAD[tokenizer.padding_side]
    values = dict(
        input_ids=tokenizer.pad_token_id, token_type_ids=tokenizer.pad_token_type_id, attention_mask=0
    )
    batch = {key: partial(pad, value=value)([f[key] for f in features]) for key, value in values.items()}
    batch["labels"] = torch.as_tensor([f["label"] for f in features])
    return batch
