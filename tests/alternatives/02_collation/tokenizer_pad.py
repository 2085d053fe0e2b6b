"""The tokenizer pads; the labels are added to the BatchEncoding that it returns."""

import torch


def collate(features, tokenizer):
    labels = [feature["label"] for feature in features]
    inputs = [{key: feature[key] for key in tokenizer.model_input_names} for feature in features]
    batch = tokenizer.pad(inputs, padding="longest", return_tensors="pt")
    batch["labels"] = torch.tensor(labels, dtype=torch.int64)
    return batch
