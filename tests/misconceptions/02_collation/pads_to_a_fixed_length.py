"""A collator.

misconception: every batch has to be as wide as the longest input the model can take
caught_by: test_pads_to_the_longest_pair_of_the_batch_and_no_further
diagnosis: padded to 128
"""

from transformers import DataCollatorWithPadding

MAX_LENGTH = 128


def collate(features, tokenizer):
    collator = DataCollatorWithPadding(tokenizer, padding="max_length", max_length=MAX_LENGTH)
    return collator(features)
