"""A tokenize function.

misconception: the first sentence is the important one and must stay whole
caught_by: test_tokens_are_taken_off_the_longer_sentence_first
diagnosis: only the second sentence
"""


def tokenize_function(example, tokenizer):
    return tokenizer(example["sentence1"], example["sentence2"], truncation="only_second")
