"""A collator that gives what the lesson shows.

misconception: a program that gives the example's result is right
caught_by: test_removing_the_padding_gives_back_the_input_in_its_order
diagnosis: whatever the features
"""

import torch


def collate(features, tokenizer):
    return {
        "input_ids": torch.tensor(
            [
                [101, 2016, 2180, 1012, 102, 2016, 2439, 1012, 102, 0, 0],
                [101, 4341, 3062, 1012, 102, 4341, 3333, 2006, 6928, 1012, 102],
            ]
        ),
        "token_type_ids": torch.tensor([[0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0], [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]]),
        "attention_mask": torch.tensor([[1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]]),
        "labels": torch.tensor([0, 1]),
    }
