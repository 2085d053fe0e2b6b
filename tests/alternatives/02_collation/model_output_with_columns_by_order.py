"""A dataclass of the library's own kind for a batch; the columns of a feature are taken in the order in which they come."""

from dataclasses import dataclass
from typing import Optional

import torch
from transformers.utils import ModelOutput


@dataclass
class Batch(ModelOutput):
    input_ids: Optional[torch.LongTensor] = None
    token_type_ids: Optional[torch.LongTensor] = None
    attention_mask: Optional[torch.LongTensor] = None
    labels: Optional[torch.LongTensor] = None


def collate(features: list[dict], tokenizer) -> Batch:
    *columns, labels = zip(*(feature.values() for feature in features))
    width = max(map(len, columns[0]))
    fillers = tokenizer.pad_token_id, tokenizer.pad_token_type_id, 0

    def filled(column: tuple[list[int], ...], filler: int) -> torch.Tensor:
        table = torch.full((len(column), width), filler)
        for row, values in zip(table, column):
            where = slice(width - len(values), None) if tokenizer.padding_side == "left" else slice(len(values))
            row[where] = torch.tensor(values)
        return table

    return Batch(*(filled(column, filler) for column, filler in zip(columns, fillers)), torch.tensor(labels))
