"""The table of old names, held against the installed libraries: by using each, as a student would."""

import dataclasses
import re

import pytest

from pytest_trainer.lab.offline_hub import CHECKPOINT
from pytest_trainer.reference.renamed import A_COLUMN, RENAMED, TEXT_WANTED, Renamed, explanation


def named(renamed):
    return f"{renamed.owner}.{renamed.name}"


def release(text):
    return tuple(int(part) for part in re.findall(r"\d+", text)[:2])


def is_gone(renamed):
    import datasets
    import transformers

    library = {"datasets": datasets, "transformers": transformers}[renamed.library]
    return release(library.__version__) >= release(renamed.gone)


def use(owner, name, tmp_path):
    """Use a name as old code does."""
    import transformers
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification, Trainer, TrainingArguments

    match owner:
        case "TrainingArguments":
            defaults = {field.name: field.default for field in dataclasses.fields(TrainingArguments)}
            TrainingArguments(str(tmp_path), report_to="none", **{name: defaults.get(name)})
        case "Trainer":
            small = BertConfig(
                vocab_size=8, hidden_size=4, num_hidden_layers=1, num_attention_heads=1, intermediate_size=4
            )
            arguments = TrainingArguments(str(tmp_path), report_to="none", use_cpu=True)
            Trainer(BertForSequenceClassification(small), arguments, **{name: None})
        case "tokenizer":
            getattr(AutoTokenizer.from_pretrained(CHECKPOINT), name)
        case "transformers" if name == "EvaluationStrategy":
            from transformers.trainer_utils import EvaluationStrategy  # noqa: F401
        case "transformers":
            getattr(transformers, name)
        case "datasets":
            exec(f"from datasets import {name}")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("renamed", RENAMED, ids=named)
def test_a_name_is_there_until_the_release_that_took_it(renamed, tmp_path):
    if not is_gone(renamed):
        use(renamed.owner, renamed.name, tmp_path)
        return
    with pytest.raises((TypeError, AttributeError, ImportError)) as raised:
        use(renamed.owner, renamed.name, tmp_path)
    assert explanation(f"f raised {raised.type.__name__}: {raised.value}") == renamed.sentence


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("renamed", [r for r in RENAMED if r.replacement], ids=named)
def test_a_replacement_is_there(renamed, tmp_path):
    if is_gone(renamed):
        use(renamed.owner, renamed.replacement, tmp_path)


def test_a_subclass_of_the_arguments_is_known_by_its_name():
    message = "f raised TypeError: Seq2SeqTrainingArguments.__init__() got an unexpected keyword argument 'no_cuda'"
    assert (
        explanation(message)
        == "transformers 5.0 took the argument `no_cuda` from TrainingArguments: it is called `use_cpu` today."
    )


@pytest.mark.parametrize(
    "message",
    [
        "f raised TypeError: add() got an unexpected keyword argument 'no_cuda'",
        "f raised AttributeError: 'list' object has no attribute 'tokenizer'",
        "f raised AttributeError: module 'torch' has no attribute 'load_metric'",
        "f raised KeyError: 'evaluation_strategy'",
        "f raised ValueError: Column name ['label'] not in the dataset",
        "",
    ],
)
def test_other_exceptions_get_no_explanation(message):
    assert explanation(message) == ""


def a_column():
    from datasets import Dataset

    return Dataset.from_dict({"sentence1": ["one", "two"]})["sentence1"]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda column: column + column,
        lambda column: ["zero"] + column,  # noqa: RUF005 - this is the mistake
        lambda column: "zero" + column,
        lambda column: __import__("json").dumps(column),
        lambda column: column.tolist(),
    ],
)
def test_a_column_taken_for_a_list_is_explained(wrong):
    with pytest.raises((TypeError, AttributeError)) as raised:
        wrong(a_column())
    assert explanation(f"f raised {raised.type.__name__}: {raised.value}") == A_COLUMN


def test_a_column_given_to_a_tokenizer_is_explained():
    from transformers import AutoTokenizer

    with pytest.raises(ValueError, match="text input") as raised:
        AutoTokenizer.from_pretrained(CHECKPOINT)(a_column())
    assert explanation(f"f raised ValueError: {raised.value}") == TEXT_WANTED


def test_names_are_unique():
    assert len({(r.owner, r.name) for r in RENAMED}) == len(RENAMED)
    assert all(isinstance(r, Renamed) for r in RENAMED)
