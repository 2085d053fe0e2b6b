"""A tokenize function.

misconception: the limit does not include [CLS] and [SEP], so room has to be left for them
caught_by: test_a_long_pair_is_cut_to_the_tokenizers_own_limit
diagnosis: twice
"""


def tokenize_function(example, tokenizer):
    special = tokenizer.num_special_tokens_to_add(pair=True)
    return tokenizer(
        example["sentence1"],
        example["sentence2"],
        truncation=True,
        max_length=tokenizer.model_max_length - special,
    )
