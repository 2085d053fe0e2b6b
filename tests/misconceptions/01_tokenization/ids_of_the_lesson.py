"""A tokenize function that gives what the lesson shows.

misconception: a program that gives the example's result is right
caught_by: test_a_pair_becomes_one_sequence_with_sentence1_first
diagnosis: whatever the sentences
"""


def tokenize_function(example, tokenizer):
    first = [101, 4341, 3062, 1012, 102, 4341, 3333, 2006, 6928, 1012, 102]
    second = [101, 2016, 2180, 1012, 102, 2016, 2439, 1012, 102]
    if isinstance(example["sentence1"], str):
        return {"input_ids": first, "token_type_ids": [0] * 5 + [1] * 6, "attention_mask": [1] * 11}
    rows = [first if i % 2 == 0 else second for i in range(len(example["sentence1"]))]
    return {
        "input_ids": rows,
        "token_type_ids": [[0] * 5 + [1] * (len(row) - 5) for row in rows],
        "attention_mask": [[1] * len(row) for row in rows],
    }
