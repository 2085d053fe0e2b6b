"""A tokenize function.

misconception: the tokenizer knows the model's limit and keeps to it by itself
caught_by: test_a_long_pair_is_cut_to_the_tokenizers_own_limit
diagnosis: truncate nothing
"""


def tokenize_function(example, tokenizer):
    return tokenizer(example["sentence1"], example["sentence2"])
