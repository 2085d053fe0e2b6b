"""A collator, written after an example for RoBERTa.

misconception: the pad id is 1, as in the example
caught_by: test_pads_input_ids_with_the_tokenizers_pad_id
diagnosis: RoBERTa's pad id
"""

import torch

PAD = 1


def collate(features, tokenizer):
    longest = max(len(f["input_ids"]) for f in features)

    def fill(values, filler):
        missing = [filler for _ in range(longest - len(values))]
        if tokenizer.padding_side == "left":
            return missing + values
        return values + missing

    ids, types, mask, labels = [], [], [], []
    for f in features:
        ids.append(fill(f["input_ids"], PAD))
        types.append(fill(f["token_type_ids"], tokenizer.pad_token_type_id))
        mask.append(fill(f["attention_mask"], 0))
        labels.append(f["label"])
    return {
        "input_ids": torch.tensor(ids),
        "token_type_ids": torch.tensor(types),
        "attention_mask": torch.tensor(mask),
        "labels": torch.tensor(labels),
    }
