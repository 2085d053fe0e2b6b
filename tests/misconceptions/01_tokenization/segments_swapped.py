"""A tokenize function.

misconception: a paraphrase is symmetric, so the order of the two does not matter
caught_by: test_a_pair_becomes_one_sequence_with_sentence1_first
diagnosis: swapped
"""


def tokenize_function(example, tokenizer):
    return tokenizer(example["sentence2"], example["sentence1"], truncation=True)
