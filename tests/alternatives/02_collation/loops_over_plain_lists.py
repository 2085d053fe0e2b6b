"""Plain loops over lists, and one tensor at the end."""

import torch


def collate(features, tokenizer):
    width = 0
    for feature in features:
        if len(feature["input_ids"]) > width:
            width = len(feature["input_ids"])

    fillers = [
        ("input_ids", tokenizer.pad_token_id),
        ("token_type_ids", tokenizer.pad_token_type_id),
        ("attention_mask", 0),
    ]
    result = {"labels": []}
    for name, filler in fillers:
        result[name] = []
        for feature in features:
            row = []
            missing = width - len(feature[name])
            if tokenizer.padding_side == "left":
                for _ in range(missing):
                    row.append(filler)
            for token in feature[name]:
                row.append(token)
            while len(row) < width:
                row.append(filler)
            result[name].append(row)
    for feature in features:
        result["labels"].append(feature["label"])
    for name in result:
        result[name] = torch.LongTensor(result[name])
    return result
