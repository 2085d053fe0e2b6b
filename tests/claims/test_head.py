"""The model and its new head."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForSequenceClassification, set_seed

from claims.claim import claim
from claims.small import bert, load, same, tokenized_datasets, tokenizer, trainer, weights
from pytest_trainer.lab.checkpoints import LABELS, stamped_checkpoint


class Said(logging.Handler):
    """What the library logs."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += record.getMessage().splitlines()

    def line_with(self, *words: str) -> bool:
        return any(all(word in line for word in words) for line in self.lines)


@pytest.fixture
def said() -> Iterator[Said]:
    """What transformers says while the model is loaded once."""
    handler, logger = Said(), logging.getLogger("transformers")
    logger.addHandler(handler)
    load()
    yield handler
    logger.removeHandler(handler)


@claim(
    "Loading a pretrained body for classification warns that the head was newly initialized.",
    said_in={"05_training_run": "some weights were newly initialized"},
    on_page=True,
)
def test_a_new_head_is_announced(said: Said) -> None:
    words = "newly initialized"
    assert said.line_with(words)
    assert said.line_with("classifier.weight")


@claim(
    "The announcement is a table: new weights are MISSING, the pretraining heads that are not needed UNEXPECTED.",
    said_in={"05_training_run": "today's print a table in which"},
    holds="transformers>=5.0",
    differs="The warning is two sentences, on weights that were not used and on weights that were initialized.",
)
def test_the_announcement_is_a_table(said: Said) -> None:
    assert said.line_with("classifier.weight", "MISSING")
    assert said.line_with("cls.predictions", "UNEXPECTED")


@claim(
    "`num_labels` left out is the number of labels that the checkpoint's config names.",
    said_in={"05_training_run": "left out, it is whatever number the checkpoint's config names"},
)
def test_number_of_labels_left_out(tmp_path: Path) -> None:
    folder = stamped_checkpoint(tmp_path / "checkpoint", seed=0)
    from_pretrained = AutoModelForSequenceClassification.from_pretrained
    assert from_pretrained(folder).num_labels == len(LABELS) == 3
    assert from_pretrained(folder, num_labels=2).num_labels == 2


@claim(
    "The body is the checkpoint's, the head is drawn at random while the model is loaded.",
    said_in={"05_training_run": "The head is drawn at random at that moment"},
    on_page=True,
)
def test_only_the_head_is_random() -> None:
    one, other = weights(load()), weights(load())
    differing = {name for name in one if not torch.equal(one[name], other[name])}
    assert differing == {"classifier.weight"}


def fresh_weights(folder: Path, state: int) -> dict[str, torch.Tensor]:
    """The weights with which a Trainer of seed 42 starts, where the random state was this one before."""
    torch.manual_seed(state)
    return weights(trainer(folder, load(), {"seed": 42}).model)


@claim(
    "The course's script gives other numbers at each run, though the Trainer has a seed: the head is drawn before the "
    "Trainer sets it.",
    said_in={"05_training_run": "before* the Trainer sets any seed"},
    differs="Results vary because of the random head; that the seed of the arguments does not reach it is not said.",
)
def test_the_head_is_drawn_before_the_trainer_sets_a_seed(tmp_path: Path) -> None:
    assert not same(fresh_weights(tmp_path, 1), fresh_weights(tmp_path, 2))


def trained_weights(folder: Path, state: int, with_model_init: bool) -> dict[str, torch.Tensor]:
    torch.manual_seed(state)
    settings = {"num_train_epochs": 1}
    if with_model_init:
        run = trainer(folder, settings=settings, model_init=lambda: load())
    else:
        set_seed(42)
        run = trainer(folder, load(), settings)
    run.train()
    return weights(run.model)


@claim(
    "With `set_seed` before the model is loaded, or with `model_init`, two runs give the same weights, bit by bit.",
    said_in={
        "05_training_run": "Whoever wants the same numbers from two runs calls `set_seed(training_args.seed)` first"
    },
)
@pytest.mark.parametrize("with_model_init", [False, True], ids=["set_seed", "model_init"])
def test_runs_can_be_repeated(tmp_path: Path, with_model_init: bool) -> None:
    one, other = (trained_weights(tmp_path, state, with_model_init) for state in (1, 2))
    assert same(one, other)


@claim(
    "A second Trainer on the same model goes on with the weights that the first one trained.",
    said_in={"05_training_run": "not from the model that the first one has trained"},
    on_page=True,
)
def test_a_second_trainer_continues_with_the_model(tmp_path: Path) -> None:
    model = bert()
    fresh = weights(model)
    trainer(tmp_path, model, {"num_train_epochs": 1}).train()
    trained = weights(model)
    assert not same(fresh, trained)
    assert same(weights(trainer(tmp_path, model).model), trained)


@claim("A Trainer without `model` and `model_init` cannot be made, whatever its `processing_class` is.", quiz=("1c",))
def test_no_model_is_guessed(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="either a `model` or `model_init`"):
        trainer(tmp_path, model=None, model_init=None)


@claim(
    "forward() has a parameter `labels`; given it, the model returns the mean cross-entropy beside the logits.",
    said_in={"02_collation": "The model's `forward` has a parameter `labels`"},
    quiz=("4b",),
)
def test_the_model_computes_the_loss() -> None:
    model = bert().eval()
    rows = tokenized_datasets()["train"].select(range(4))
    batch = tokenizer().pad({"input_ids": rows["input_ids"][:]}, return_tensors="pt")
    labels = torch.tensor(rows["label"][:])
    outputs = model(**batch, labels=labels)
    assert torch.allclose(outputs.loss, torch.nn.functional.cross_entropy(outputs.logits, labels))
    assert outputs.loss.requires_grad
