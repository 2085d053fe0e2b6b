"""A tokenize function.

misconception: all sequences of a data set must have the same length
caught_by: test_no_row_is_padded_yet
diagnosis: model_max_length
"""


def tokenize_function(example, tokenizer):
    return tokenizer(example["sentence1"], example["sentence2"], padding="max_length", truncation=True)
