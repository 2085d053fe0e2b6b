"""The tokenizer that checks hand out: a limit of its own, and copies that leave each other alone."""

import pytest

from pytest_trainer.lab.recipes import Tokenizer

LONG = "profit " * 300


@pytest.mark.parametrize("limit", [8, 16, 128, 200, 600])
def test_has_the_limit_that_is_asked_for(limit):
    tokenizer = Tokenizer(model_max_length=limit).make()
    assert tokenizer.model_max_length == tokenizer.init_kwargs["model_max_length"] == limit
    assert len(tokenizer(LONG, LONG, truncation=True)["input_ids"]) == limit


def test_has_the_checkpoints_limit_where_none_is_asked_for():
    Tokenizer(model_max_length=16).make()
    assert Tokenizer().make().model_max_length == 128


def test_a_limit_and_the_other_settings_go_together():
    tokenizer = Tokenizer("left", "[MASK]", 1, model_max_length=40).make()
    assert (tokenizer.padding_side, tokenizer.pad_token, tokenizer.pad_token_type_id) == ("left", "[MASK]", 1)
    assert tokenizer.model_max_length == 40


def test_a_limit_that_is_changed_stays_with_its_copy():
    Tokenizer().make().model_max_length = 7
    assert Tokenizer().make().model_max_length == 128


def test_truncation_and_padding_of_one_copy_do_not_reach_the_next():
    spoilt = Tokenizer().make()
    spoilt(["profit", LONG], truncation=True, padding="max_length", max_length=9)
    spoilt.backend_tokenizer.enable_truncation(5)
    spoilt.backend_tokenizer.enable_padding(length=99)
    fresh = Tokenizer(model_max_length=30).make()
    assert fresh.backend_tokenizer.truncation is None
    assert fresh.backend_tokenizer.padding is None
    assert len(fresh.backend_tokenizer.encode("profit fell").ids) == 4
    assert [len(row) for row in fresh(["profit", "profit fell"])["input_ids"]] == [3, 4]
