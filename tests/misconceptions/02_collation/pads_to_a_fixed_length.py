"""A collator.

misconception: every batch has to be as wide as the longest input the model can take
caught_by: the width of the batch
"""

from transformers import DataCollatorWithPadding

MAX_LENGTH = 128


def collate(features, tokenizer):
    collator = DataCollatorWithPadding(tokenizer, padding="max_length", max_length=MAX_LENGTH)
    return collator(features)
