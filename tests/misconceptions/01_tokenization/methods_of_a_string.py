"""A tokenize function.

misconception: example is one row, whatever map is told
caught_by: test_a_pair_becomes_one_sequence_with_sentence1_first
diagnosis: works for a single row
"""


def tokenize_function(example, tokenizer):
    s1 = example["sentence1"].strip().lower()
    s2 = example["sentence2"].strip().lower()
    return tokenizer(s1, s2, truncation=True)
