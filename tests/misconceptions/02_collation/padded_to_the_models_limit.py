"""A collator.

misconception: the tokenizer knows how long an input has to be: model_max_length
caught_by: test_pads_to_the_longest_pair_of_the_batch_and_no_further
diagnosis: Every batch seems to be padded
"""


def collate(features, tokenizer):
    encoded = [{key: feature[key] for key in feature if key != "label"} for feature in features]
    batch = tokenizer.pad(
        encoded, padding="max_length", max_length=tokenizer.model_max_length, return_tensors="pt"
    )
    batch["labels"] = batch["input_ids"].new_tensor([feature["label"] for feature in features])
    return batch
