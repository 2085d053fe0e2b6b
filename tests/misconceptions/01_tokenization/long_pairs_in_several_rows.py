"""A tokenize function.

misconception: what does not fit goes into rows of its own, so that nothing is lost
caught_by: test_a_long_pair_is_cut_to_the_tokenizers_own_limit
diagnosis: rows of its own
"""


def tokenize_function(example, tokenizer):
    return tokenizer(
        example["sentence1"],
        example["sentence2"],
        truncation=True,
        return_overflowing_tokens=True,
    )
