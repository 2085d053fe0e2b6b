"""What the checks of 02 look at on the student's side."""


def inputs_after(student, features, tokenizer):
    """The features, and the tokenizer's settings, as a call of collate left them."""
    student.collate(features, tokenizer)
    return {
        "features": features,
        "padding_side": tokenizer.padding_side,
        "pad_token_id": tokenizer.pad_token_id,
        "pad_token_type_id": tokenizer.pad_token_type_id,
    }
