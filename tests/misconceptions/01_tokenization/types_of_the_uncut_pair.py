"""A tokenize function.

misconception: the types follow from the two sentences' lengths, whatever was cut off
caught_by: test_token_type_ids_tell_the_two_sentences_of_a_row_apart
diagnosis: follow from the sentences as they were before
"""


def one(first, second, tokenizer):
    ids = tokenizer(first, second, truncation=True)["input_ids"]
    n, m = (len(tokenizer(text, add_special_tokens=False)["input_ids"]) for text in (first, second))
    types = [0] * (n + 2) + [1] * (m + 1)
    return {"input_ids": ids, "token_type_ids": types[: len(ids)], "attention_mask": [1] * len(ids)}


def tokenize_function(example, tokenizer):
    if isinstance(example["sentence1"], str):
        return one(example["sentence1"], example["sentence2"], tokenizer)
    rows = [one(a, b, tokenizer) for a, b in zip(example["sentence1"], example["sentence2"])]
    return {key: [row[key] for row in rows] for key in rows[0]}
