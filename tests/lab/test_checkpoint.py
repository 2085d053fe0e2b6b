"""The shipped tiny BERT: its size, its tokenizer, how it loads and fine-tunes, and how it is made again."""

import json
import logging
import os
import random
import string
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_trainer.lab.lessons import draw, few_differences, new_lessons
from pytest_trainer.lab.paraphrases import dataset_dict, paraphrases
from pytest_trainer.lab.pretraining import CHECKPOINT
from pytest_trainer.lab.wordings import sentence

FILES = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")
ASCII_WORDS = st.text(string.ascii_letters + string.digits + string.punctuation + " ", max_size=80)


@pytest.fixture(scope="module")
def tokenizer():
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(CHECKPOINT)


@pytest.fixture
def one_thread():
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def new_classifier(**options):
    from transformers import AutoModelForSequenceClassification

    return AutoModelForSequenceClassification.from_pretrained(CHECKPOINT, num_labels=2, **options)


def test_is_four_small_files() -> None:
    sizes = {path.name: path.stat().st_size for path in CHECKPOINT.iterdir()}
    assert sorted(sizes) == sorted(FILES)
    assert sum(sizes.values()) <= 1_500_000


def test_is_a_whole_small_bert() -> None:
    config = json.loads((CHECKPOINT / "config.json").read_text())
    assert config["architectures"] == ["BertForPreTraining"]
    assert config["model_type"] == "bert"
    assert config["num_hidden_layers"] in (2, 3)
    assert config["hidden_size"] <= 128
    assert (config["hidden_dropout_prob"], config["initializer_range"]) == (0.1, 0.02)


def test_loading_warns_of_the_new_classification_head(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("transformers")
    logger.addHandler(caplog.handler)
    try:
        new_classifier()
    finally:
        logger.removeHandler(caplog.handler)
    assert "classifier.weight" in caplog.text
    assert "newly initialized" in caplog.text


def test_all_but_the_classification_head_is_pretrained() -> None:
    _, loaded = new_classifier(output_loading_info=True)
    assert set(loaded["missing_keys"]) == {"classifier.weight", "classifier.bias"}
    assert {name.split(".")[0] for name in loaded["unexpected_keys"]} == {"cls"}
    assert not loaded["mismatched_keys"]


def test_pairs_are_tokenized_as_bert_does(tokenizer) -> None:
    encoded = tokenizer("Sales rose.", "Revenue fell.")
    assert tokenizer.convert_ids_to_tokens(encoded["input_ids"]) == [
        *("[CLS]", "sales", "rose", ".", "[SEP]"),
        *("revenue", "fell", ".", "[SEP]"),
    ]
    assert encoded["token_type_ids"] == [0] * 5 + [1] * 4
    assert encoded["attention_mask"] == [1] * 9


def test_long_texts_are_cut_to_128_tokens(tokenizer) -> None:
    assert tokenizer.model_max_length == 128
    assert len(tokenizer("word " * 500, truncation=True)["input_ids"]) == 128


def test_knows_every_word_of_the_data(tokenizer) -> None:
    for pair in paraphrases(3)["train"]:
        tokens = tokenizer.tokenize(pair.sentence1)
        assert not [token for token in tokens if token == "[UNK]" or token.startswith("##")]


@given(ASCII_WORDS)
def test_spells_any_ascii_text(tokenizer, text: str) -> None:
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    assert tokenizer.unk_token_id not in ids
    assert tokenizer.decode(ids).replace(" ", "") == text.lower().replace(" ", "")


def test_what_it_cannot_spell_is_unknown(tokenizer) -> None:
    assert tokenizer.tokenize("sales ☃ rose") == ["sales", "[UNK]", "rose"]


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("seed", [0, 1])
def test_fine_tuning_beats_the_majority_by_fifteen_points(tokenizer, seed: int, tmp_path: Path) -> None:
    from transformers import DataCollatorWithPadding, Trainer, TrainingArguments, set_seed

    data = dataset_dict(seed, {"train": 256, "test": 0})
    data = data.map(lambda rows: tokenizer(rows["sentence1"], rows["sentence2"]), batched=True)
    set_seed(seed)
    trainer = Trainer(
        new_classifier(),
        TrainingArguments(
            str(tmp_path),
            learning_rate=1e-3,
            num_train_epochs=2,
            per_device_train_batch_size=16,
            seed=seed,
            save_strategy="no",
            report_to="none",
            use_cpu=True,
        ),
        DataCollatorWithPadding(tokenizer),
        data["train"],
    )
    trainer.train()
    predicted = trainer.predict(data["validation"])
    accuracy = (predicted.predictions.argmax(-1) == predicted.label_ids).mean()
    assert accuracy >= 0.68 + 0.22


def test_pretraining_draws_no_sentence_of_the_default_data() -> None:
    sentences = {
        text for pairs in paraphrases(0).values() for pair in pairs for text in (pair.sentence1, pair.sentence2)
    }
    assert new_lessons(0).forbidden == sentences
    lesson = draw(few_differences, random.Random(0), set())
    instead = draw(few_differences, random.Random(0), {sentence(lesson.second)})
    assert instead != lesson


@pytest.mark.long
def test_making_it_again_gives_the_same_bytes(tmp_path: Path) -> None:
    runs = []
    for hash_seed in ("1", "2"):
        command = [sys.executable, "-m", "pytest_trainer.lab.pretraining", str(tmp_path / hash_seed)]
        runs.append(subprocess.Popen(command, env={**os.environ, "PYTHONHASHSEED": hash_seed}))
    assert [run.wait() for run in runs] == [0, 0]
    for name in FILES:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()
    vocabularies = [json.loads((folder / "tokenizer.json").read_text()) for folder in (CHECKPOINT, tmp_path / "1")]
    assert vocabularies[0] == vocabularies[1]
