"""A tokenize function.

misconception: the model needs tensors, so the tokenizer makes them here
caught_by: test_a_pair_becomes_one_sequence_with_sentence1_first
diagnosis: tensor or an array
"""


def tokenize_function(example, tokenizer):
    return tokenizer(example["sentence1"], example["sentence2"], truncation=True, return_tensors="pt")
