"""What the checks of 02 look at on the student's side."""


def inputs_after(student, features, tokenizer):
    """What collate returned, and the features and the tokenizer's settings as it left them."""
    batch = student.collate(features, tokenizer)
    return {
        "batch": batch,
        "features": features,
        "padding_side": tokenizer.padding_side,
        "pad_token_id": tokenizer.pad_token_id,
        "pad_token_type_id": tokenizer.pad_token_type_id,
    }
