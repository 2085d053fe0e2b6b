"""A tokenize function.

misconception: it is the [SEP] in the text that makes two segments
caught_by: test_token_type_ids_tell_the_two_sentences_of_a_row_apart
diagnosis: all 0
"""


def tokenize_function(example, tokenizer):
    if isinstance(example["sentence1"], list):
        texts = [f"{s1} [SEP] {s2}" for s1, s2 in zip(example["sentence1"], example["sentence2"])]
    else:
        texts = f"{example['sentence1']} [SEP] {example['sentence2']}"
    return tokenizer(texts, truncation=True)
