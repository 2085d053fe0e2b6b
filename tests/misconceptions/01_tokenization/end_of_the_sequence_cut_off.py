"""A tokenize function.

misconception: a sequence that is too long is sliced like any list
caught_by: test_tokens_are_taken_off_the_longer_sentence_first
diagnosis: finished sequence at its end
"""


def tokenize_function(example, tokenizer):
    n = tokenizer.model_max_length
    encoded = tokenizer(example["sentence1"], example["sentence2"], verbose=False)
    if isinstance(example["sentence1"], str):
        return {key: values[:n] for key, values in encoded.items()}
    return {key: [row[:n] for row in values] for key, values in encoded.items()}
