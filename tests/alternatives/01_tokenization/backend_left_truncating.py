"""The Rust tokenizer behind the tokenizer, whose truncation stays switched on."""


def tokenize_function(example, tokenizer):
    rust = tokenizer.backend_tokenizer
    rust.enable_truncation(tokenizer.model_max_length, strategy="longest_first")
    rust.no_padding()
    if isinstance(example["sentence1"], str):
        encoding = rust.encode(example["sentence1"], example["sentence2"])
        return dict(input_ids=encoding.ids, token_type_ids=encoding.type_ids, attention_mask=encoding.attention_mask)
    encodings = rust.encode_batch(list(zip(example["sentence1"], example["sentence2"])))
    return {
        "input_ids": [encoding.ids for encoding in encodings],
        "token_type_ids": [encoding.type_ids for encoding in encodings],
        "attention_mask": [encoding.attention_mask for encoding in encodings],
    }
