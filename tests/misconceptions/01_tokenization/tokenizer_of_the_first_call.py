"""A tokenize function.

misconception: there is one tokenizer, and it can be kept
caught_by: test_a_long_pair_is_cut_to_the_tokenizers_own_limit
diagnosis: 128 tokens, whatever the tokenizer
"""

from transformers import AutoTokenizer

checkpoint = "bert-base-uncased"
tok = AutoTokenizer.from_pretrained(checkpoint)


def tokenize_function(example, tokenizer):
    return tok(example["sentence1"], example["sentence2"], truncation=True)
