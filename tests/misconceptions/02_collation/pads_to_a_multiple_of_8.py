"""A collator.

misconception: the width has to be a multiple of 8, because that is faster on a GPU
caught_by: test_pads_to_the_longest_pair_of_the_batch_and_no_further
diagnosis: multiples of 8
"""

from transformers import DataCollatorWithPadding


def collate(features, tokenizer):
    # multiples of 8 make use of the tensor cores
    data_collator = DataCollatorWithPadding(tokenizer=tokenizer, pad_to_multiple_of=8, return_tensors="pt")
    batch = data_collator(features)
    return dict(batch)
