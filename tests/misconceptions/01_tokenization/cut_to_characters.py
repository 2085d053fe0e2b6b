"""A tokenize function.

misconception: the limit is one of characters
caught_by: test_a_long_pair_is_cut_to_the_tokenizers_own_limit
diagnosis: characters
"""


def tokenize_function(example, tokenizer):
    n = tokenizer.model_max_length

    def cut(text):
        return text[:n] if isinstance(text, str) else [t[:n] for t in text]

    return tokenizer(cut(example["sentence1"]), cut(example["sentence2"]))
