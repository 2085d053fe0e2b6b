"""A tokenize function.

misconception: what comes first has less to say
caught_by: test_tokens_are_taken_off_the_longer_sentence_first
diagnosis: only the first sentence
"""


def tokenize_function(example, tokenizer):
    return tokenizer(
        text=example["sentence1"],
        text_pair=example["sentence2"],
        truncation="only_first",
        max_length=tokenizer.model_max_length,
    )
