"""What a Trainer does is written down while it does it: tokens without padding, metrics without the clock."""

import json
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from pytest_trainer.full_run.events import read_events
from pytest_trainer.full_run.recording import Record, TokenCounter, is_metric, keep_until


class Model(nn.Module):
    """Takes what a BERT takes and computes nothing."""

    def forward(self, input_ids, attention_mask=None):
        return input_ids, attention_mask


@given(st.lists(st.lists(st.integers(0, 6), min_size=1, max_size=4), max_size=5))
def test_tokens_are_counted_without_padding_and_only_in_training(batches: list[list[int]]) -> None:
    model, counter = Model(), TokenCounter()
    counter.attach(model)
    for lengths in batches:
        mask = (torch.arange(6) < torch.tensor(lengths)[:, None]).long()
        model(input_ids=torch.ones_like(mask), attention_mask=mask)
        with torch.no_grad():
            model.eval()(input_ids=torch.ones_like(mask), attention_mask=mask)
        model.train()
    assert counter.seen() == sum(map(sum, batches))
    counter.detach()
    model(input_ids=torch.ones(2, 6), attention_mask=torch.ones(2, 6))
    assert counter.seen() == sum(map(sum, batches))


def test_without_a_mask_every_position_counts() -> None:
    model, counter = Model(), TokenCounter()
    counter.attach(model)
    model(input_ids=torch.ones(2, 5))
    assert counter.seen() == 10


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("eval_f1", 0.9, True),
        ("eval_loss", 1, True),
        ("eval_runtime", 1.5, False),
        ("eval_samples_per_second", 3.0, False),
        ("epoch", 1.0, False),
        ("eval_right", True, False),
        ("eval_matrix", [[1]], False),
        (3, 0.5, False),
    ],
)
def test_of_an_evaluation_the_models_numbers_are_kept(name: object, value: object, kept: bool) -> None:
    assert is_metric(name, value) is kept


def test_what_came_after_the_checkpoint_is_taken_out_of_a_record(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    events = [
        {"event": "start", "step": 0, "seconds": 0.0},
        {"event": "log", "step": 5, "loss": 0.5, "tokens": 100, "seconds": 1.0},
        {"event": "log", "step": 10, "loss": 0.4, "tokens": 200, "seconds": 2.0},
    ]
    file.write_text("".join(json.dumps(event) + "\n" for event in events) + '{"event": "log", "st')
    assert keep_until(file, 5) == events[:2]
    assert read_events(file) == events[:2]
    assert keep_until(file, 0) == []
    assert file.read_text() == ""


def test_clock_and_tokens_of_a_resumed_training_go_on(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text(json.dumps({"event": "log", "step": 5, "tokens": 100, "seconds": 60.0}) + "\n")
    record, model = Record(file), Model()
    record.begin(5, model)
    model(input_ids=torch.ones(2, 5))
    assert record.tokens() == 110
    record.add("log", 6, loss=float("nan"))
    last = read_events(file)[-1]
    assert last["loss"] is None
    assert 60 <= last["seconds"] < 90
    record.end()
