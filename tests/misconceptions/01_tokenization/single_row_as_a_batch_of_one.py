"""A tokenize function.

misconception: the result has the same shape for one row as for many
caught_by: test_a_single_row_gives_what_it_gives_in_a_batch
diagnosis: batch of one
"""


def tokenize_function(example, tokenizer):
    first, second = example["sentence1"], example["sentence2"]
    if not isinstance(first, list):
        first, second = [first], [second]
    return tokenizer(first, second, truncation=True)
