"""A collator.

misconception: sorting the pairs by length is part of making a batch
caught_by: the order of the rows
"""

from transformers import DataCollatorWithPadding


def collate(features, tokenizer):
    features = sorted(features, key=lambda feature: len(feature["input_ids"]), reverse=True)
    return DataCollatorWithPadding(tokenizer)(features)
