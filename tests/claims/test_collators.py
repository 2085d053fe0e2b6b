"""Padding: what processing_class is for, and what the default collators do."""

from pathlib import Path

import pytest
import torch
from transformers import (
    DataCollatorWithPadding,
    EvalPrediction,
    RobertaConfig,
    default_data_collator,
)

from claims.claim import claim
from claims.small import bert, raw_datasets, tokenized_datasets, tokenizer, trainer
from pytest_trainer.lab.recipes import Tokenizer


@claim(
    "With a tokenizer as `processing_class` the default collator is a DataCollatorWithPadding that has this tokenizer.",
    said_in={"05_training_run": "it pads each batch to its longest pair by itself, with `DataCollatorWithPadding`"},
    quiz=("1b",),
    on_page=True,
)
def test_default_collator_with_processing_class(tmp_path: Path) -> None:
    collator = trainer(tmp_path).data_collator
    assert type(collator) is DataCollatorWithPadding
    assert collator.tokenizer is tokenizer()


@claim("A `data_collator` of your own is used instead.", quiz=("1b",), on_page=True)
def test_own_collator_comes_first(tmp_path: Path) -> None:
    assert trainer(tmp_path, data_collator=default_data_collator).data_collator is default_data_collator


@claim(
    "Without `processing_class` the default is `default_data_collator`, which pads nothing: rows of different lengths "
    "are a ValueError.",
    said_in={"05_training_run": "its default collator does not pad at all"},
)
def test_default_collator_without_processing_class(tmp_path: Path) -> None:
    run = trainer(tmp_path, processing_class=None)
    assert run.data_collator is default_data_collator
    with pytest.raises(ValueError, match="length"):
        run.train()


@claim(
    "`processing_class` is saved with each checkpoint; without it, and with a function as the collator, a checkpoint "
    "has no tokenizer.",
    said_in={"05_training_run": "so that the tokenizer goes into each saved checkpoint, whatever your collator is"},
    quiz=("1b",),
)
@pytest.mark.parametrize("given", [True, False])
def test_processing_class_is_saved_with_each_checkpoint(tmp_path: Path, given: bool) -> None:
    collate = DataCollatorWithPadding(tokenizer())
    parts = {} if given else {"processing_class": None, "data_collator": lambda features: collate(features)}
    run = trainer(tmp_path, settings={"save_strategy": "steps", "save_steps": 2, "max_steps": 4}, **parts)
    run.train()
    saved = sorted(file.parent.name for file in tmp_path.glob("checkpoint-*/tokenizer.json"))
    assert saved == (["checkpoint-2", "checkpoint-4"] if given else [])
    assert (tmp_path / "checkpoint-4" / "model.safetensors").exists()


@claim(
    "`Trainer(tokenizer=...)`, the old name of `processing_class`, is a TypeError.",
    said_in={"05_training_run": "`Trainer(tokenizer=...)` is a `TypeError`"},
    holds="transformers>=5.0",
)
@pytest.mark.filterwarnings("ignore:`tokenizer` is deprecated:FutureWarning")
def test_the_argument_tokenizer_is_gone(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="tokenizer"):
        trainer(tmp_path, processing_class=None, tokenizer=tokenizer())


@claim("The Trainer does not tokenize: it drops the sentences, which forward() does not know, and fails.", quiz=("1a",))
def test_sentences_are_not_tokenized(tmp_path: Path) -> None:
    run = trainer(tmp_path, train_dataset=raw_datasets()["train"])
    assert set(run.get_train_dataloader().dataset.column_names) == {"label"}
    with pytest.raises(ValueError, match="input_ids"):
        run.train()


@claim("`compute_metrics` gets the bare logits, as floats of shape (n, 2).", quiz=("1d", "4a"))
def test_compute_metrics_gets_logits(tmp_path: Path) -> None:
    seen: list[EvalPrediction] = []
    trainer(tmp_path, compute_metrics=lambda given: seen.append(given) or {}).evaluate()
    [given] = seen
    assert given.predictions.shape == (20, 2)
    assert given.predictions.dtype == "float32"
    assert not (given.predictions == given.predictions.round()).any()


@claim(
    "The Trainer drops the columns that forward() does not know.",
    said_in={"05_training_run": "need not be removed: the Trainer does that"},
)
def test_unknown_columns_are_dropped(tmp_path: Path) -> None:
    run = trainer(tmp_path)
    assert {"sentence1", "sentence2", "idx"} < set(tokenized_datasets()["train"].column_names)
    assert set(run.get_train_dataloader().dataset.column_names) == {
        "input_ids",
        "token_type_ids",
        "attention_mask",
        "label",
    }
    run.train()


FEATURES = [
    {"input_ids": [2, 5, 6, 3], "token_type_ids": [0, 0, 0, 0], "attention_mask": [1, 1, 1, 1], "label": 1},
    {"input_ids": [2, 5, 3], "token_type_ids": [0, 0, 1], "attention_mask": [1, 1, 1], "label": 0},
]


@claim(
    "DataCollatorWithPadding pads to the longest pair of the batch, with the tokenizer's own ids, on the side it says.",
    said_in={"02_collation": "The library has a tool for this"},
)
@pytest.mark.parametrize("side", ["right", "left"])
def test_padding_is_the_tokenizers(side: str) -> None:
    batch = DataCollatorWithPadding(Tokenizer(side, pad_token="[MASK]", pad_token_type_id=3).make())(FEATURES)
    padded = {name: values[1].tolist() for name, values in batch.items() if name != "labels"}
    own, filler = (slice(3), 3) if side == "right" else (slice(1, 4), 0)
    assert {name: row[own] for name, row in padded.items()} == {
        name: values for name, values in FEATURES[1].items() if name != "label"
    }
    assert {name: row[filler] for name, row in padded.items()} == {
        "input_ids": 4,
        "token_type_ids": 3,
        "attention_mask": 0,
    }


@claim(
    "Both default collators rename the column `label` to `labels`, the parameter of forward(), as int64.",
    said_in={"02_collation": "Somebody has to rename it, and that is the collator"},
)
@pytest.mark.parametrize("collator", [default_data_collator, DataCollatorWithPadding(tokenizer())])
def test_label_becomes_labels(collator: object) -> None:
    batch = collator([FEATURES[0], FEATURES[0] | {"label": 0}])
    assert "label" not in batch
    assert batch["labels"].tolist() == [1, 0]
    assert batch["labels"].dtype == torch.int64


@claim(
    "Padding changes no result: a pair has the same logits alone and beside a longer one.",
    said_in={"02_collation": "for the same result: the ignored positions contribute nothing"},
)
def test_padding_changes_no_result() -> None:
    model, collate = bert().eval(), DataCollatorWithPadding(tokenizer())
    rows = [tokenized_datasets()["train"][i] for i in range(8)]
    rows = [{name: row[name] for name in FEATURES[0]} for row in rows]
    with torch.no_grad():
        together = model(**collate(rows)).logits
        alone = torch.cat([model(**collate([row])).logits for row in rows])
    assert len({len(row["input_ids"]) for row in rows}) > 1
    assert torch.allclose(together, alone, atol=1e-5)


@claim(
    "A text may contain the pad token: the tokenizer gives it the pad id, and its mask is 1.",
    said_in={"02_collation": 'a text may say "[PAD]"; the tokenizer gives it the pad id'},
)
def test_text_may_contain_the_pad_token() -> None:
    encoded = tokenizer()("see [PAD] here")
    place = encoded["input_ids"].index(tokenizer().pad_token_id)
    assert encoded["attention_mask"][place] == 1


@claim("RoBERTa's pad id is 1.", said_in={"02_collation": "RoBERTa's pad id is 1"})
def test_pad_id_of_roberta() -> None:
    assert RobertaConfig().pad_token_id == 1
