"""The tiny checkpoint as a student gets it: a copy that can be told from the stand-in of the same weights."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from pytest_trainer.lab.offline_hub import CHECKPOINT

STAMP = "pytest_trainer_checkpoint"
LABELS = ("entailment", "neutral", "contradiction")
LIMITS = (104, 88, 112, 96)
"""The tokenizer's model_max_length, by the seed: no number that one finds in tutorials, and within the model's 128."""


def stamped_checkpoint(folder: Path, seed: int) -> Path:
    """A copy of the shipped checkpoint whose config says so, names three labels, and whose tokenizer has a limit.

    A model made from it keeps the stamp when it is saved; one made from a name that was written into the code, and
    not from the argument, lacks it. One made without `num_labels` has three outputs, as it has whatever number a
    checkpoint's config names. One tokenized with a fixed length is longer or shorter than this tokenizer's limit.
    """
    shutil.copytree(CHECKPOINT, folder, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    path = folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    labels = {
        "id2label": {str(i): name for i, name in enumerate(LABELS)},
        "label2id": {n: i for i, n in enumerate(LABELS)},
    }
    path.write_text(json.dumps({**config, **labels, STAMP: stamp(seed)}, indent=2) + "\n", encoding="utf-8")
    path = folder / "tokenizer_config.json"
    tokenizer = json.loads(path.read_text(encoding="utf-8"))
    limit = LIMITS[seed % len(LIMITS)]
    path.write_text(json.dumps({**tokenizer, "model_max_length": limit}, indent=2) + "\n", encoding="utf-8")
    return folder


def stamp(seed: int) -> str:
    """What the config of this run's checkpoint says."""
    return f"given-{seed}"
