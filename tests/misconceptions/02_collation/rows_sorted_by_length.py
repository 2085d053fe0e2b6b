"""A collator.

misconception: sorting the pairs by length is part of making a batch
caught_by: test_removing_the_padding_gives_back_the_input_in_its_order
diagnosis: sorted by length
"""

from transformers import DataCollatorWithPadding


def collate(features, tokenizer):
    features = sorted(features, key=lambda feature: len(feature["input_ids"]), reverse=True)
    return DataCollatorWithPadding(tokenizer)(features)
