"""A tokenize function.

misconception: the tokenizer gets all sentences there are
caught_by: test_a_pair_becomes_one_sequence_with_sentence1_first
diagnosis: sequence of its own
"""


def tokenize_function(example, tokenizer):
    return tokenizer(example["sentence1"] + example["sentence2"], truncation=True)
