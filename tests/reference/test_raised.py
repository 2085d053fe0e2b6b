"""Exceptions of the installed libraries, made as a student makes them, and what is said of each."""

import datasets
import numpy as np
import pytest
import torch
from sklearn.metrics import accuracy_score
from torch.nn import functional
from transformers import AutoTokenizer

from pytest_trainer.lab.offline_hub import CHECKPOINT
from pytest_trainer.reference import raised

LABELS = np.array([0, 1, 1])
LOGITS = np.array([[0.1, 0.2], [0.3, 0.1], [1, 2]], dtype=np.float32)
TWO_TEXTS = ["one word", "one"]


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(CHECKPOINT)


def mapped(function):
    datasets.Dataset.from_dict({"a": [1, 2, 3]}).map(function, batched=True)


def backward_twice():
    loss = (torch.ones(2, requires_grad=True) ** 2).sum()
    loss.backward()
    loss.backward()


def only_second(tokenizer):
    tokenizer("one two three " * 40, "one", truncation="only_second", max_length=20)


CASES = [
    ("RAGGED", lambda _: torch.tensor([[1, 2], [1]])),
    ("RAGGED", lambda _: torch.stack([torch.tensor([1, 2]), torch.tensor([1])])),
    ("RAGGED", lambda _: np.array([[1, 2], [1]])),
    ("RAGGED", lambda tokenizer: tokenizer(TWO_TEXTS, return_tensors="pt")),
    ("TABLES_FOR_CLASSES", lambda _: accuracy_score(LABELS, LOGITS)),
    ("NUMBERS_FOR_CLASSES", lambda _: accuracy_score(LABELS, LOGITS[:, 1])),
    ("OTHER_NUMBER_OF_CLASSES", lambda _: accuracy_score(LABELS, LOGITS.argmax(axis=0))),
    ("OTHER_NUMBER_OF_CLASSES", lambda _: LOGITS.argmax(axis=0) == LABELS),
    ("ONE_OF_TWO_CUT", only_second),
    ("ROWS_NOT_KEPT", lambda _: mapped(lambda rows: {"b": rows["a"][:1]})),
    ("NO_COLUMNS", lambda _: mapped(lambda rows: {"b": tuple(rows["a"])})),
    ("NO_MAPPING", lambda _: mapped(lambda rows: rows["a"])),
    ("NO_ROW_LEFT", lambda _: torch.nn.Embedding(3, 2)(torch.tensor([3]))),
    ("FLOAT_TARGETS", lambda _: functional.cross_entropy(torch.zeros(2, 2), torch.tensor([0.0, 1.0]))),
    ("SECOND_BACKWARD", lambda _: backward_twice()),
    ("NOT_ONE_NUMBER", lambda _: torch.ones(2, requires_grad=True).mul(2).backward()),
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "mistake"), CASES, ids=[f"{name}-{i}" for i, (name, _) in enumerate(CASES)])
def test_an_exception_is_explained(tokenizer, name, mistake):
    with pytest.raises(Exception) as caught:  # noqa: PT011 - each is of another type, and its text is what counts
        mistake(tokenizer)
    assert raised.explanation(f"f raised {caught.type.__name__}: {caught.value}") == getattr(raised, name)


def test_every_explanation_has_its_exception():
    assert {getattr(raised, name) for name, _ in CASES} == {sentence for _, sentence in raised.KNOWN}


def test_names_that_are_gone_are_explained_too():
    message = "f raised TypeError: Trainer.__init__() got an unexpected keyword argument 'tokenizer'\n  a line"
    assert "processing_class" in raised.explanation(message)


@pytest.mark.parametrize(
    "message", ["", "f raised KeyError: 'b'", "f raised ValueError: no\nindex out of range in self"]
)
def test_other_exceptions_get_no_explanation(message):
    assert raised.explanation(message) == ""
