"""A tokenize function.

misconception: numbers belong into arrays
caught_by: test_a_single_row_gives_what_it_gives_in_a_batch
diagnosis: batch of one
"""


def tokenize_function(example, tokenizer):
    return tokenizer(example["sentence1"], example["sentence2"], truncation=True, return_tensors="np")
