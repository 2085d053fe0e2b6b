"""A tokenize function.

misconception: a sequence has 128 tokens, as in all tutorials
caught_by: test_a_long_pair_is_cut_to_the_tokenizers_own_limit
diagnosis: 128 tokens, whatever the tokenizer
"""

MAX_LEN = 128


def tokenize_function(example, tokenizer):
    return tokenizer(
        example["sentence1"],
        example["sentence2"],
        truncation=True,
        max_length=MAX_LEN,
    )
