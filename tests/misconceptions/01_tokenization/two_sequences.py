"""A tokenize function.

misconception: each sentence is tokenized by itself, and the model compares the two
caught_by: test_a_pair_becomes_one_sequence_with_sentence1_first
diagnosis: sentence1 alone
"""


def tokenize_function(example, tokenizer):
    first = tokenizer(example["sentence1"], truncation=True)
    second = tokenizer(example["sentence2"], truncation=True)
    result = dict(first)
    for key in second:
        result[key + "_2"] = second[key]
    return result
