"""Nothing but a vocabulary is the tokenizer's; where both sentences are as long, the first gives the token."""

import torch


def encode(first: str, second: str, tokenizer) -> dict[str, list[int]]:
    one, two = (tokenizer.convert_tokens_to_ids(tokenizer.tokenize(text)) for text in (first, second))
    while len(one) + len(two) > tokenizer.model_max_length - 3:
        (one if len(one) >= len(two) else two).pop()
    cls, sep = tokenizer.cls_token_id, tokenizer.sep_token_id
    segments = [[cls, *one, sep], [*two, sep]]
    return {
        "input_ids": sum(segments, start=[]),
        "token_type_ids": [i for i, segment in enumerate(segments) for _ in segment],
        "attention_mask": torch.ones(len(one) + len(two) + 3, dtype=torch.long).tolist(),
    }


def tokenize_function(example, tokenizer):
    first, second = example["sentence1"], example["sentence2"]
    if type(first) is str:
        return encode(first, second, tokenizer)
    rows = list(map(encode, first, second, [tokenizer] * len(first)))
    return {key: [row[key] for row in rows] for key in ("attention_mask", "input_ids", "token_type_ids")}
