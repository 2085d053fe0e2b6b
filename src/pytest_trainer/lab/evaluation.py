"""The grader's own evaluation of a model that a student's code saved: nothing that the code said is believed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from transformers import PreTrainedTokenizerBase

BATCH = 64
UNSURE = 1e-4
"""Logits nearer to each other than this may fall either way in another batch: float32 sums in another order."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Logits (n, classes) float32 and labels (n,) int64 of a model on sentence pairs, and the mean cross-entropy."""

    logits: NDArray[Any]
    labels: NDArray[Any]
    loss: float

    @property
    def unsure(self) -> int:
        """How many pairs are too close to call."""
        import numpy as np

        ordered = np.sort(self.logits, axis=1)
        return int((ordered[:, -1] - ordered[:, -2] < UNSURE).sum())


def evaluate_saved(model: Path, tokenizer: str, pairs: Sequence[Any], device: str = "cpu") -> Evaluation:
    """Evaluate the model saved in a folder on `pairs`, in float32, with this tokenizer.

    Args:
        model: a folder with config.json and model.safetensors; pickled weights are not opened.
        tokenizer: name or folder of the tokenizer.
        pairs: rows with sentence1, sentence2 and label, as mappings.
        device: as torch names it.
    """
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenize: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(tokenizer)
    network = AutoModelForSequenceClassification.from_pretrained(
        str(model), use_safetensors=True, local_files_only=True, trust_remote_code=False
    )
    network.float().to(device).eval()
    parts = []
    with torch.no_grad():
        for start in range(0, len(pairs), BATCH):
            rows = [pairs[i] for i in range(start, min(start + BATCH, len(pairs)))]
            batch = tokenize(
                [row["sentence1"] for row in rows],
                [row["sentence2"] for row in rows],
                truncation=True,
                padding=True,
                return_tensors="pt",
            )
            parts.append(network(**batch.to(device)).logits.cpu())
    logits = torch.cat(parts)
    labels = torch.tensor([row["label"] for row in pairs])
    loss = float(torch.nn.functional.cross_entropy(logits, labels))
    return Evaluation(logits.numpy(), labels.numpy(), loss)


def saved_config(model: Path) -> dict[str, Any]:
    """The config saved in a folder."""
    config: dict[str, Any] = json.loads((model / "config.json").read_text(encoding="utf-8"))
    return config


@dataclass(frozen=True, slots=True)
class Baseline:
    """What always giving one answer earns."""

    accuracy: float
    f1: float


def majority(labels: NDArray[Any]) -> Baseline:
    """Always answering with class 1: on MRPC's validation pairs 0.684 and 0.812."""
    share = float((labels == 1).mean())
    return Baseline(accuracy=share, f1=2 * share / (1 + share))


def saved_weights(model: Path) -> dict[str, Any]:
    """The weights saved in a folder, by name, as numpy arrays."""
    from safetensors.numpy import load_file

    return dict(load_file(model / "model.safetensors"))
