"""A tokenize function.

misconception: the [SEP] between the sentences is all that the model needs
caught_by: test_token_type_ids_tell_the_two_sentences_of_a_row_apart
diagnosis: There are no token_type_ids
"""


def tokenize_function(example, tokenizer):
    encoded = tokenizer(example["sentence1"], example["sentence2"], truncation=True)
    return {"input_ids": encoded["input_ids"], "attention_mask": encoded["attention_mask"]}
