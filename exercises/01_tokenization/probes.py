"""What the checks of 01 look at on the student's side."""

KEYS = ("input_ids", "token_type_ids", "attention_mask")


def tokenized(student, example, tokenizer):
    """What tokenize_function made of an example: of its keys those that are asked for, arrays as lists."""
    encoded = student.tokenize_function(example, tokenizer)
    if not callable(getattr(encoded, "keys", None)) or not hasattr(encoded, "__getitem__"):
        return encoded
    there = list(encoded.keys())
    return {key: plain(encoded[key]) for key in KEYS if key in there}


def mapped(student, columns, tokenizer, batch_size):
    """The columns that Dataset.map made with tokenize_function; row by row where `batch_size` is 0."""
    import datasets

    data = datasets.Dataset.from_dict(columns).map(
        lambda example: student.tokenize_function(example, tokenizer),
        batched=batch_size > 0,
        batch_size=batch_size or None,
        new_fingerprint="tokenized",  # hashing the function, with the tokenizer in it, takes longer than all else
    )
    return {key: data[:][key] for key in KEYS if key in data.column_names}


def plain(value):
    """Lists of what was in lists, tuples, arrays or tensors."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [item if type(item) is int else plain(item) for item in value]
    return value
