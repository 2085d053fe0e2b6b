"""A tokenize function.

misconception: tensor cores want multiples of 8, so the data set has to be made of them
caught_by: test_no_row_is_padded_yet
diagnosis: multiple of 8
"""


def tokenize_function(example, tokenizer):
    features = tokenizer(example["sentence1"], example["sentence2"], truncation=True)
    return tokenizer.pad(features, padding=True, pad_to_multiple_of=8)
