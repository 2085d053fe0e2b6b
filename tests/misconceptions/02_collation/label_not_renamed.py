"""A collator.

misconception: the batch has the same keys as the features
caught_by: the four keys that the model takes
"""

from transformers import BatchEncoding


def collate(features, tokenizer):
    batch = {key: [feature[key] for feature in features] for key in features[0]}
    padded = tokenizer.pad(batch, padding=True)
    return BatchEncoding(dict(padded), tensor_type="pt")
