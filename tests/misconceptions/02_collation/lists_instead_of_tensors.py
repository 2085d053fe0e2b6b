"""A collator.

misconception: padding is all there is to it, and the Trainer makes the tensors
caught_by: test_returns_exactly_the_four_tensors_that_the_model_takes
diagnosis: comes back are lists
"""

def collate(features, tokenizer):
    encoded = [{name: value for name, value in f.items() if name != "label"} for f in features]
    batch = tokenizer.pad(encoded, padding=True)
    batch["labels"] = [f["label"] for f in features]
    return batch
