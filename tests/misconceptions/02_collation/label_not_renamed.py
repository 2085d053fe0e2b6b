"""A collator.

misconception: the batch has the same keys as the features
caught_by: test_returns_exactly_the_four_tensors_that_the_model_takes
diagnosis: still under 'label'
"""

from transformers import BatchEncoding


def collate(features, tokenizer):
    batch = {key: [feature[key] for feature in features] for key in features[0]}
    padded = tokenizer.pad(batch, padding=True)
    return BatchEncoding(dict(padded), tensor_type="pt")
