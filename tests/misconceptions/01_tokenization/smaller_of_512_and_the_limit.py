"""A tokenize function.

misconception: no model can read more than 512 tokens, whatever its tokenizer says
caught_by: test_a_long_pair_is_cut_to_the_tokenizers_own_limit
diagnosis: 512 tokens even where
"""


def tokenize_function(example, tokenizer):
    max_length = min(tokenizer.model_max_length, 512)
    return tokenizer(example["sentence1"], example["sentence2"], truncation=True, max_length=max_length)
