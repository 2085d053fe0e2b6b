"""A tokenize function.

misconception: Dataset.map takes any sequence for a column
caught_by: test_works_in_dataset_map_and_keeps_the_number_of_rows
diagnosis: tuples and generators
"""


def tokenize_function(example, tokenizer):
    encoded = tokenizer(example["sentence1"], example["sentence2"], truncation=True)
    return {key: tuple(encoded[key]) for key in encoded}
