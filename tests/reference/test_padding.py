"""The reference padding against DataCollatorWithPadding, and against removing it again."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import DataCollatorWithPadding

from pytest_trainer.lab.recipes import Tokenizer
from pytest_trainer.reference import strategies
from pytest_trainer.reference.padding import pad, unpad

SIDES = st.sampled_from(["right", "left"])


@settings(deadline=None)  # the first example imports the tokenizer
@given(
    strategies.features(with_pad_id=True),
    SIDES,
    st.sampled_from(["[PAD]", "[MASK]", "[UNK]"]),
    st.sampled_from([0, 3]),
)
def test_pad_equals_the_librarys_collator(features, side, pad_token, pad_token_type_id):
    tokenizer = Tokenizer(side, pad_token, pad_token_type_id).make()
    given_features = copy.deepcopy(features)
    ours = pad(features, tokenizer.pad_token_id, tokenizer.pad_token_type_id, side)
    theirs = DataCollatorWithPadding(tokenizer)(features)
    assert ours.keys() == theirs.keys()
    for key, array in ours.items():
        assert array.dtype == theirs[key].numpy().dtype == np.int64
        np.testing.assert_array_equal(array, theirs[key].numpy())
    assert features == given_features


@given(strategies.features(with_pad_id=True), SIDES)
def test_unpad_gives_back_what_pad_was_given(features, side):
    assert unpad(pad(features, 0, 0, side)) == features


def test_pad_of_two_pairs_written_out():
    features = [
        {"input_ids": [2, 7, 3, 3], "token_type_ids": [0, 0, 0, 1], "attention_mask": [1] * 4, "label": 1},
        {"input_ids": [2, 3, 3], "token_type_ids": [0, 0, 1], "attention_mask": [1] * 3, "label": 0},
    ]
    right, left = (pad(features, 9, 5, side) for side in ("right", "left"))
    assert right["input_ids"].tolist() == [[2, 7, 3, 3], [2, 3, 3, 9]]
    assert left["input_ids"].tolist() == [[2, 7, 3, 3], [9, 2, 3, 3]]
    assert right["token_type_ids"].tolist() == [[0, 0, 0, 1], [0, 0, 1, 5]]
    assert left["attention_mask"].tolist() == [[1, 1, 1, 1], [0, 1, 1, 1]]
    assert right["labels"].tolist() == [1, 0]


def test_pad_refuses_what_it_cannot_pad():
    with pytest.raises(ValueError, match="padding_side must be 'left' or 'right', not 'up'"):
        pad([], 0, 0, "up")
    with pytest.raises(ValueError, match="an empty batch has no longest pair"):
        pad([], 0, 0, "right")
