"""Whatever is handed in is collected by a star; the columns are taken by their names in a loop."""


def tokenize_function(*args, **kwargs):
    example, tokenizer = args
    texts = [example[f"sentence{i}"] for i in (1, 2)]
    return tokenizer(*texts, truncation="longest_first", padding=False, **kwargs)
