"""A collator.

misconception: the id of padding is 0 for every model
caught_by: test_pads_input_ids_with_the_tokenizers_pad_id
diagnosis: 0 whatever the tokenizer
"""

import torch


def pad(sequence, length, value, side):
    padding = [value] * (length - len(sequence))
    return padding + sequence if side == "left" else sequence + padding


def collate(features, tokenizer):
    length = max(len(feature["input_ids"]) for feature in features)
    side = tokenizer.padding_side
    types = tokenizer.pad_token_type_id
    batch = {
        "input_ids": [pad(feature["input_ids"], length, 0, side) for feature in features],
        "token_type_ids": [pad(feature["token_type_ids"], length, types, side) for feature in features],
        "attention_mask": [pad(feature["attention_mask"], length, 0, side) for feature in features],
        "labels": [feature["label"] for feature in features],
    }
    return {key: torch.tensor(value) for key, value in batch.items()}
