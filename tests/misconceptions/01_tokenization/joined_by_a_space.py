"""A tokenize function.

misconception: a model reads one text, so two sentences are made one
caught_by: test_a_pair_becomes_one_sequence_with_sentence1_first
diagnosis: joined the two sentences
"""


def tokenize_function(example, tokenizer):
    first, second = example["sentence1"], example["sentence2"]
    if isinstance(first, str):
        text = first + " " + second
    else:
        text = [a + " " + b for a, b in zip(first, second)]
    return tokenizer(text, truncation=True)
