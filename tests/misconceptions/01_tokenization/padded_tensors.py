"""A tokenize function.

misconception: a model takes tensors, so the tokenizer has to return them
caught_by: test_no_row_is_padded_yet
diagnosis: the longest pair of what Dataset.map hands over
"""


def tokenize_function(example, tokenizer):
    return tokenizer(
        example["sentence1"], example["sentence2"], return_tensors="pt", truncation=True, padding="longest"
    )
