"""A tokenize function.

misconception: BERT reads 512 tokens, so every sequence has to have 512
caught_by: test_no_row_is_padded_yet
diagnosis: to 512 tokens
"""


def tokenize_function(example, tokenizer):
    return tokenizer(
        example["sentence1"],
        example["sentence2"],
        padding="max_length",
        truncation=True,
        max_length=512,
    )
