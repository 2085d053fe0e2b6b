"""The recipes of the lab: what a check hands to a student's function and the student's side makes live."""

from __future__ import annotations

import copy
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_trainer.lab.offline_hub import CHECKPOINT
from pytest_trainer.submission import Recipe

if TYPE_CHECKING:
    from datasets import DatasetDict
    from transformers import (
        BertForSequenceClassification,
        EvalPrediction,
        PreTrainedTokenizerBase,
        TrainingArguments,
    )

    from pytest_trainer.full_run.supervision import Supervision
    from pytest_trainer.submission import Array

GRADED_ROWS = {"train": 256, "validation": 200, "test": 16}
"""The rows of each split in a graded tiny run: other numbers than the stand-in of glue/mrpc has."""


@dataclass(frozen=True, slots=True)
class Tokenizer(Recipe):
    """The tiny checkpoint's tokenizer, with the padding side, pad token and pad type that are asked for.

    `model_max_length` is the checkpoint's own, 128, unless another is asked for.
    """

    padding_side: str = "right"
    pad_token: str = "[PAD]"
    pad_token_type_id: int = 0
    model_max_length: int | None = None

    def make(self) -> PreTrainedTokenizerBase:
        """A copy at every call, so that changed settings stay with the call that changed them.

        The vocabulary behind it is shared: copying that too would take ten times as long.
        """
        kept = _tokenizer(replace(self, model_max_length=None))
        fresh = copy.copy(kept)
        fresh.__dict__.update(
            {name: copy.copy(part) for name, part in vars(kept).items() if isinstance(part, (dict, list, set))}
        )
        # The shared part remembers the truncation and padding of the call before, whichever copy it came from.
        fresh.backend_tokenizer.no_truncation()
        fresh.backend_tokenizer.no_padding()
        if self.model_max_length is not None:
            fresh.model_max_length = fresh.init_kwargs["model_max_length"] = self.model_max_length
        return fresh


@functools.cache
def _tokenizer(recipe: Tokenizer) -> PreTrainedTokenizerBase:
    from transformers import AutoTokenizer

    tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(CHECKPOINT)
    tokenizer.padding_side = recipe.padding_side
    tokenizer.pad_token = recipe.pad_token
    tokenizer._pad_token_type_id = recipe.pad_token_type_id
    return tokenizer


@dataclass(frozen=True, slots=True, eq=False)
class Predictions(Recipe):
    """An `EvalPrediction`, as the Trainer hands it to compute_metrics: logits (n, 2) and labels (n,)."""

    predictions: Array
    label_ids: Array

    def make(self) -> EvalPrediction:
        """A fresh one with arrays of its own."""
        from transformers import EvalPrediction

        return EvalPrediction(predictions=self.predictions.data.copy(), label_ids=self.label_ids.data.copy())


@dataclass(frozen=True, slots=True)
class Paraphrases(Recipe):
    """The synthetic paraphrase data with MRPC's schema, of this seed.

    `rows` limits the rows of each split; `repeat` says every sentence so many times over, for pairs that are too long.
    """

    seed: int = 0
    rows: Mapping[str, int] | None = None
    repeat: int = 1

    def make(self) -> DatasetDict:
        """A fresh DatasetDict in memory, with the splits train, validation and test."""
        from pytest_trainer.lab.paraphrases import dataset_dict

        splits = dataset_dict(self.seed, self.rows)
        return splits if self.repeat == 1 else splits.map(self._repeated)

    def _repeated(self, row: Mapping[str, Any]) -> dict[str, str]:
        return {name: " ".join([row[name]] * self.repeat) for name in ("sentence1", "sentence2")}


@dataclass(frozen=True, slots=True)
class Mrpc(Recipe):
    """The real MRPC: "hub", or a folder with train, validation and test as parquet files."""

    source: str = "hub"

    def make(self) -> DatasetDict:
        """The DatasetDict; from the Hub under the name that today's libraries accept, or the user's cache."""
        from datasets import load_dataset

        if self.source == "hub":
            return load_dataset("nyu-mll/glue", "mrpc")
        files = {split: str(Path(self.source) / f"{split}.parquet") for split in ("train", "validation", "test")}
        return load_dataset("parquet", data_files=files)


@dataclass(frozen=True, slots=True)
class Supervised(Recipe):
    """What watches over a full run's training on the student's side: it writes to `folder`, and resumes from it.

    Within it nothing is pushed to the Hub unless `push` allows it.
    """

    folder: str
    push: bool = False

    def make(self) -> Supervision:
        """A fresh one, for one training."""
        from pytest_trainer.full_run.supervision import Supervision

        return Supervision(Path(self.folder), self.push)


@dataclass(frozen=True, slots=True)
class Arguments(Recipe):
    """`TrainingArguments(**settings)`; the settings are plain data."""

    settings: Mapping[str, Any] = field(default_factory=dict)

    def make(self) -> TrainingArguments:
        """A fresh one."""
        from transformers import TrainingArguments

        return TrainingArguments(**self.settings)


@dataclass(frozen=True, slots=True)
class Classifier(Recipe):
    """A very small BERT for two classes with random weights of this seed: 64 token ids, sequences of up to 32.

    It has no dropout, so train and eval mode compute the same, and a row's loss does not depend on its batch.
    """

    seed: int = 0
    training: bool = True

    def make(self) -> BertForSequenceClassification:
        """A fresh one in the mode asked for, all its parameters trainable and without a gradient."""
        fresh = copy.deepcopy(_classifier(self.seed))
        fresh.train(self.training)
        return fresh


@functools.cache
def _classifier(seed: int) -> BertForSequenceClassification:
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    config = BertConfig(
        vocab_size=64,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        # Ten times BERT's, so that the rows' losses and gradients differ as those of a trained model do.
        initializer_range=0.3,
    )
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        return BertForSequenceClassification(config)
