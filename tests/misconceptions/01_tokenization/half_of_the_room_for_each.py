"""A tokenize function.

misconception: fair truncation gives each sentence half of the positions
caught_by: test_tokens_are_taken_off_the_longer_sentence_first
diagnosis: half of the room
"""


def one_pair(first, second, tokenizer):
    half = (tokenizer.model_max_length - 3) // 2
    a = tokenizer(first, add_special_tokens=False)["input_ids"]
    b = tokenizer(second, add_special_tokens=False)["input_ids"]
    if len(a) + len(b) + 3 > tokenizer.model_max_length:
        a, b = a[:half], b[:half]
    ids = [tokenizer.cls_token_id] + a + [tokenizer.sep_token_id] + b + [tokenizer.sep_token_id]
    return {
        "input_ids": ids,
        "token_type_ids": [0] * (len(a) + 2) + [1] * (len(b) + 1),
        "attention_mask": [1] * len(ids),
    }


def tokenize_function(example, tokenizer):
    if isinstance(example["sentence1"], str):
        return one_pair(example["sentence1"], example["sentence2"], tokenizer)
    rows = [one_pair(a, b, tokenizer) for a, b in zip(example["sentence1"], example["sentence2"])]
    return {key: [row[key] for row in rows] for key in rows[0]}
