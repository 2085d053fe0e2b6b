"""A collator.

misconception: input_ids, mask and labels are all that a model needs
caught_by: test_token_type_ids_tell_the_two_sentences_apart
diagnosis: token_type_ids are dropped
"""

import torch


def collate(features, tokenizer):
    batch = tokenizer.pad(
        [{"input_ids": f["input_ids"], "attention_mask": f["attention_mask"]} for f in features],
        padding=True,
        return_tensors="pt",
    )
    return {
        "input_ids": batch["input_ids"],
        "attention_mask": batch["attention_mask"],
        "labels": torch.tensor([f["label"] for f in features]),
    }
