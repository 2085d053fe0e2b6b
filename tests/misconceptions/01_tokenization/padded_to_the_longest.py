"""A tokenize function.

misconception: tokenizing a batch includes padding it
caught_by: test_no_row_is_padded_yet
diagnosis: the longest pair of what Dataset.map hands over
"""


def tokenize_function(example, tokenizer):
    tokenized = tokenizer(example["sentence1"], example["sentence2"], truncation=True, padding=True)
    tokenized["labels"] = example["label"]
    return tokenized
