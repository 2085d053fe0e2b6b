"""Pairs of sentences: loaded, tokenized, mapped."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest
import torch
from transformers import BertConfig, PreTrainedTokenizerFast

from claims.claim import claim
from claims.loopback_hub import LoopbackHub
from claims.small import bert, raw_datasets, tokenizer
from pytest_trainer.lab import offline_hub
from pytest_trainer.lab.recipes import Tokenizer


def ids(*text: str, **how: object) -> list[int]:
    return list(tokenizer()(*text, **how)["input_ids"])


@claim(
    "A pair becomes one sequence, [CLS] A [SEP] B [SEP], with token types 0 and then 1.",
    said_in={"01_tokenization": "*one sequence with two segments*. The tokenizer makes it, if it is given two texts"},
)
def test_a_pair_is_one_sequence() -> None:
    a, b = (ids(text, add_special_tokens=False) for text in ("The bank bought it.", "It was bought."))
    cls, sep = tokenizer().cls_token_id, tokenizer().sep_token_id
    encoded = tokenizer()("The bank bought it.", "It was bought.")
    assert encoded["input_ids"] == [cls, *a, sep, *b, sep]
    assert encoded["token_type_ids"] == [0] * (len(a) + 2) + [1] * (len(b) + 1)


@claim(
    'Two texts joined by a space have no border, and joined by " [SEP] " the same tokens as a pair; all types are 0.',
    said_in={"01_tokenization": "the eleven tokens, but all types 0: for the model, one segment"},
)
def test_joined_texts_are_one_segment() -> None:
    first, second = "the bank bought it .", "it was bought ."
    pair, by_space, by_mark = (
        tokenizer()(*texts) for texts in ((first, second), (f"{first} {second}",), (f"{first} [SEP] {second}",))
    )
    assert by_mark["input_ids"] == pair["input_ids"]
    assert len(by_space["input_ids"]) == len(pair["input_ids"]) - 1
    assert set(by_space["token_type_ids"]) == set(by_mark["token_type_ids"]) == {0}


@claim(
    "`bert-base-uncased` has 512 positions, the stand-in of this course 128; a longer input is an error.",
    said_in={"01_tokenization": "512 for `bert-base-uncased`, 128 for the small stand-in of this course"},
)
def test_a_model_has_so_many_positions() -> None:
    assert BertConfig().max_position_embeddings == 512
    assert bert().config.max_position_embeddings == tokenizer().model_max_length == 128
    bert()(input_ids=torch.ones((1, 128), dtype=torch.int64))
    with pytest.raises((RuntimeError, IndexError)):
        bert()(input_ids=torch.ones((1, 129), dtype=torch.int64))


@claim(
    "`truncation=True` alone cuts to the tokenizer's own `model_max_length`, special tokens included.",
    said_in={
        "01_tokenization": "it is its `model_max_length`, special tokens included. `truncation=True` cuts to it",
        "05_training_run": "cuts what exceeds the tokenizer's own limit",
    },
    on_page=True,
)
@pytest.mark.parametrize("limit", [24, 100, 128])
def test_truncation_goes_to_the_tokenizers_limit(limit: int) -> None:
    limited = Tokenizer().make()
    limited.model_max_length = limit
    encoded = limited("the bank " * 200, "the firm " * 100, truncation=True)
    assert len(encoded["input_ids"]) == limit


@claim(
    "A `max_length` that is named is taken instead of it.",
    said_in={"01_tokenization": "where you name a `max_length`, that is taken instead of the model's"},
)
def test_a_named_length_is_taken_instead() -> None:
    assert len(ids("and " * 300, truncation=True, max_length=200)) == 200
    assert len(ids("and " * 300, truncation=True, max_length=50)) == 50


@claim(
    "It takes tokens from the longer sentence first, from its end; where both are too long, they end up equally long.",
    said_in={
        "01_tokenization": "Always the end of the sentence that has more tokens left, one token at a time",
        "05_training_run": "from the longer sentence first",
    },
)
@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [(30, 5, (12, 5)), (5, 30, (5, 12)), (30, 30, (8, 8)), (3, 5, (3, 3)), (3, 5, (2, 2))],
)
def test_truncation_takes_from_the_longer_sentence(first: int, second: int, kept: tuple[int, int]) -> None:
    word = ids("and", add_special_tokens=False)
    assert len(word) == 1
    limit = sum(kept) + 3
    encoded = tokenizer()("and " * (first - 1) + ".", "and " * (second - 1) + ".", truncation=True, max_length=limit)
    segments = encoded["token_type_ids"]
    assert (segments.count(0) - 2, segments.count(1) - 1) == kept
    assert encoded["input_ids"].count(word[0]) == sum(kept) - (first == kept[0]) - (second == kept[1])


@claim(
    '`truncation="only_first"` cuts the first sentence, however short it is, and fails where that is not enough.',
    said_in={"01_tokenization": '`truncation="only_first"` leaves'},
)
def test_only_first_cuts_the_first_sentence() -> None:
    # As in the lesson: three tokens and five, and limits of 9 and 8.
    encoded = tokenizer()("and and .", "and and and and .", truncation="only_first", max_length=9)
    assert (encoded["token_type_ids"].count(0) - 2, encoded["token_type_ids"].count(1) - 1) == (1, 5)
    with pytest.raises(Exception, match=r"(?i)truncat"):
        tokenizer()("and and .", "and and and and .", truncation="only_first", max_length=8)


@claim(
    "Without `truncation` nothing is cut, and without `padding` nothing is padded.",
    said_in={"01_tokenization": "Left to itself a tokenizer cuts nothing"},
)
def test_nothing_is_cut_or_padded_unasked() -> None:
    encoded = tokenizer()(["and", "and " * 200])
    assert [len(row) for row in encoded["input_ids"]] == [3, 202]


@claim(
    "A tokenizer that does not know its model's limit says 10 to the power of 30.",
    said_in={"01_tokenization": "and say 10 to the power of 30"},
)
def test_a_tokenizer_without_a_limit() -> None:
    assert PreTrainedTokenizerFast(tokenizer_object=tokenizer().backend_tokenizer).model_max_length == int(1e30)


@claim(
    "A tokenizer takes two strings, or two lists of the same length, which become rows.",
    said_in={"01_tokenization": "two strings, or two lists of the same length"},
)
def test_strings_or_lists() -> None:
    one, other = ("the bank", "it"), ("the firm", "it was")
    rows = tokenizer()([one[0], other[0]], [one[1], other[1]])["input_ids"]
    assert rows == [ids(*one), ids(*other)]


@claim(
    "A column of a data set is a Column and no list: a tokenizer refuses it with a ValueError, and takes `column[:]`.",
    said_in={"01_tokenization": "since datasets 4 it is a `Column`"},
    holds="datasets>=4.0",
)
def test_a_column_is_no_list() -> None:
    column = raw_datasets()["train"]["sentence1"]
    assert not isinstance(column, list)
    with pytest.raises(ValueError, match="must be of type"):
        tokenizer()(column)
    assert tokenizer()(column[:])["input_ids"] == tokenizer()(list(column))["input_ids"]


@claim(
    "A tokenizer has no `encode_plus` and `batch_encode_plus`.",
    said_in={"01_tokenization": "`encode_plus` and `batch_encode_plus` are gone from transformers 5"},
    holds="transformers>=5.0",
)
@pytest.mark.parametrize("name", ["encode_plus", "batch_encode_plus"])
def test_encode_plus_is_gone(name: str) -> None:
    assert not hasattr(tokenizer(), name)


@claim(
    "`map(..., batched=True)` calls the function with up to 1,000 rows at once, in which each column is a list.",
    said_in={"01_tokenization": "calls your function with some 1,000 rows at a time"},
)
def test_map_hands_over_batches() -> None:
    seen = []
    raw_datasets()["train"].select([0] * 1500).map(
        lambda batch: seen.append((len(batch["sentence1"]), type(batch["sentence1"]))), batched=True
    )
    assert seen == [(1000, list), (500, list)]


@claim(
    "`map` without `batched` calls it with one row, in which each column is one value.",
    said_in={"01_tokenization": 'With `batched=False`, the default, `example["sentence1"]` is one string'},
)
def test_map_hands_over_single_rows() -> None:
    mapped = raw_datasets()["test"].map(lambda row: tokenizer()(row["sentence1"], row["sentence2"]))
    rows = raw_datasets()["test"]
    assert [*mapped["input_ids"]] == [ids(*pair) for pair in zip(rows["sentence1"], rows["sentence2"], strict=True)]


@claim(
    "`map` keeps the columns that are there, and adds those that the function returns.",
    said_in={"01_tokenization": "what you return becomes new columns"},
    on_page=True,
)
def test_map_keeps_columns() -> None:
    mapped = raw_datasets()["train"].map(
        lambda batch: tokenizer()(batch["sentence1"], batch["sentence2"]), batched=True
    )
    assert mapped.column_names == [
        *("sentence1", "sentence2", "label", "idx"),
        *("input_ids", "token_type_ids", "attention_mask"),
    ]
    assert mapped.remove_columns(mapped.column_names[4:])[:] == raw_datasets()["train"][:]


@claim(
    "The checkpoint is uncased: its tokenizer does not tell capitals from small letters.",
    said_in={"05_training_run": "for which *The Bank* and *the bank* are the same"},
    differs="The text speaks of the cased model where the code loads the uncased one.",
)
def test_the_checkpoint_is_uncased() -> None:
    assert "bert-base-uncased" in offline_hub.MODELS
    assert ids("The Bank") == ids("the bank")


# -- the Hub ----------------------------------------------------------------------------------------------------------

LOAD = """
import json, datasets
told = {}
for name in ("glue", "nyu-mll/glue"):
    try:
        told[name] = datasets.load_dataset(name, "mrpc")["train"].column_names
    except Exception as error:
        told[name] = type(error).__name__
"""
METRIC = """
import evaluate
metric = evaluate.load("glue", "mrpc")
told["classes"] = metric.compute(predictions=[1, 0, 1, 1], references=[1, 1, 0, 1])
told["cut"] = metric.compute(predictions=[1.9, 0.9, 1.2, 1.0], references=[1, 1, 0, 1])
try:
    metric.compute(predictions=[[0.2, 1.9], [1.1, 0.8]], references=[1, 0])
except ValueError:
    told["table"] = "ValueError"
"""
TELL = "print(json.dumps(told))"
COLUMNS = ["sentence1", "sentence2", "label", "idx"]


def told(code: str, variables: Mapping[str, str | None]) -> dict[str, Any]:
    """What a process of its own tells, in this environment and no other of the Hub's."""
    names = ("HF_", "HUGGING", "TRANSFORMERS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(names)}
    given = {name: value for name, value in variables.items() if value is not None}
    command = [sys.executable, "-W", "ignore", "-c", code + TELL]
    done = subprocess.run(command, env=kept | given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.fixture(scope="module")
def online(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What comes of loading MRPC from a Hub that has it under every name."""
    home = str(tmp_path_factory.mktemp("online"))
    with LoopbackHub() as hub:
        return told(LOAD, {"HF_HOME": home, "HF_ENDPOINT": hub.address, "HF_HUB_DISABLE_XET": "1"})


@pytest.fixture(scope="module")
def offline(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What comes of it, and of its metric, in the tiny world of this course."""
    home = tmp_path_factory.mktemp("offline")
    offline_hub.build(home, seed=0)
    return told(LOAD + METRIC, offline_hub.environment(home))


@claim(
    'Online, `load_dataset("glue", "mrpc")` fails: since huggingface_hub 1.16 the name has to have its namespace.',
    said_in={"05_training_run": "Online it fails with today's huggingface_hub"},
    holds="huggingface_hub>=1.16",
    differs='The data is loaded as `load_dataset("glue", "mrpc")`.',
)
def test_glue_without_a_namespace_fails_online(online: dict[str, Any]) -> None:
    assert online["glue"] == "HfUriError"


@claim(
    'Online, `load_dataset("nyu-mll/glue", "mrpc")` works.',
    said_in={"05_training_run": 'whose data set it is: `load_dataset("nyu-mll/glue", "mrpc")`'},
)
def test_glue_with_its_namespace_works_online(online: dict[str, Any]) -> None:
    assert online["nyu-mll/glue"] == COLUMNS


@claim(
    "From a cache, offline, both names work: so the page's own line runs in the tiny world of this course.",
    on_page=True,
)
@pytest.mark.parametrize("name", ["glue", "nyu-mll/glue"])
def test_both_names_work_from_the_cache(offline: dict[str, Any], name: str) -> None:
    assert offline[name] == COLUMNS


@claim(
    'The metric that `evaluate.load("glue", "mrpc")` gives computes accuracy and F1 from classes.',
    said_in={"04_compute_metrics": "returns both numbers"},
    on_page=True,
)
def test_evaluate_gives_both_numbers(offline: dict[str, Any]) -> None:
    assert offline["classes"] == {"accuracy": 0.5, "f1": pytest.approx(4 / 6)}


@claim(
    "It refuses a table of logits with a ValueError, and cuts single logits to whole numbers without a word.",
    said_in={"04_compute_metrics": "single logits are silently cut to whole numbers"},
)
def test_evaluate_wants_classes(offline: dict[str, Any]) -> None:
    assert offline["table"] == "ValueError"
    assert offline["cut"] == offline["classes"]
