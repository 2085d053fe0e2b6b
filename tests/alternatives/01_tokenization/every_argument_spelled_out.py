"""Every argument spelled out; the label, and more than the model takes, comes along."""


def tokenize_function(batch, tok, *unused, **unused_too):
    encoding = tok(
        text=batch["sentence1"],
        text_pair=batch["sentence2"],
        add_special_tokens=True,
        padding=False,
        truncation="longest_first",
        max_length=tok.model_max_length,
        return_token_type_ids=True,
        return_attention_mask=True,
        return_special_tokens_mask=True,
        return_offsets_mapping=True,
        return_length=True,
    )
    encoding["labels"] = batch["label"]
    return encoding
