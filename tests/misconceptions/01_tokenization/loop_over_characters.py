"""A tokenize function.

misconception: an example is always a batch
caught_by: test_a_single_row_gives_what_it_gives_in_a_batch
diagnosis: characters
"""


def tokenize_function(example, tokenizer):
    result = {"input_ids": [], "token_type_ids": [], "attention_mask": []}
    for s1, s2 in zip(example["sentence1"], example["sentence2"]):
        encoded = tokenizer(s1, s2, truncation=True)
        for key in result:
            result[key].append(encoded[key])
    return result
