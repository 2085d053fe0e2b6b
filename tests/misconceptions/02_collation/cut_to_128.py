"""A collator.

misconception: no pair is longer than 128 tokens
caught_by: test_removing_the_padding_gives_back_the_input_in_its_order
diagnosis: cut to 128 tokens
"""

import torch


def collate(features, tokenizer):
    width = min(128, max(len(f["input_ids"]) for f in features))
    fill = {"input_ids": tokenizer.pad_token_id, "token_type_ids": tokenizer.pad_token_type_id, "attention_mask": 0}

    def padded(row, value):
        padding = [value] * (width - len(row))
        return padding + row[:width] if tokenizer.padding_side == "left" else row[:width] + padding

    batch = {key: torch.tensor([padded(f[key], value) for f in features]) for key, value in fill.items()}
    batch["labels"] = torch.tensor([f["label"] for f in features])
    return batch
