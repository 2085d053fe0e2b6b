"""A tokenize function.

misconception: the first sentence has five tokens with [CLS] and [SEP], as in the example
caught_by: test_token_type_ids_tell_the_two_sentences_of_a_row_apart
diagnosis: same place
"""


def tokenize_function(example, tokenizer):
    encoded = tokenizer(example["sentence1"], example["sentence2"], truncation=True)
    ids = encoded["input_ids"]

    def types(row):
        return [0] * min(5, len(row)) + [1] * max(0, len(row) - 5)

    encoded["token_type_ids"] = types(ids) if isinstance(ids[0], int) else [types(row) for row in ids]
    return encoded
