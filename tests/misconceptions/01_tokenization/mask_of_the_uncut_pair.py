"""A tokenize function.

misconception: the mask is taken from a call of its own, which need not truncate
caught_by: test_no_row_is_padded_yet
diagnosis: ids and mask do not fit
"""


def tokenize_function(example, tokenizer):
    pair = example["sentence1"], example["sentence2"]
    encoded = tokenizer(*pair, truncation=True)
    encoded["attention_mask"] = tokenizer(*pair)["attention_mask"]
    return encoded
