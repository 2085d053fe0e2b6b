"""A tokenize function.

misconception: only batches need truncation
caught_by: test_a_single_row_gives_what_it_gives_in_a_batch
diagnosis: A pair that comes alone is too long
"""


def tokenize_function(example, tokenizer):
    if isinstance(example["sentence1"], str):
        return tokenizer(example["sentence1"], example["sentence2"])
    return tokenizer(example["sentence1"], example["sentence2"], truncation=True)
