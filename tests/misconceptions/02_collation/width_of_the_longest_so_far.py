"""A collator.

misconception: all batches of a data set have the width of its longest pair, which is found on the way
caught_by: test_pads_to_the_longest_pair_of_the_batch_and_no_further
diagnosis: longest pair so far
"""

import torch

longest_pair = 0


def pad(row, filler, width, side):
    padding = [filler] * (width - len(row))
    return row + padding if side == "right" else padding + row


def collate(features, tokenizer):
    global longest_pair
    longest_pair = max([longest_pair] + [len(f["input_ids"]) for f in features])
    fillers = {
        "input_ids": tokenizer.pad_token_id,
        "token_type_ids": tokenizer.pad_token_type_id,
        "attention_mask": 0,
    }
    batch = {}
    for key, filler in fillers.items():
        batch[key] = torch.tensor([pad(f[key], filler, longest_pair, tokenizer.padding_side) for f in features])
    batch["labels"] = torch.tensor([f["label"] for f in features])
    return batch
