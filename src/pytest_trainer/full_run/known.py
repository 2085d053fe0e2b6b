"""What a full run has to reach: measured for the checkpoints that are known, else more than always the same answer."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_trainer.full_run.report import Scores, Threshold

COURSE = Scores(accuracy=0.8578, f1=0.8997)
"""What the course's page reports for BERT base, one run of three epochs."""

RECIPE: Mapping[str, Any] = {"learning_rate": 5e-5, "num_train_epochs": 3, "per_device_train_batch_size": 16}
"""How a full run trains: the library's own rate and epochs, with twice its batch."""

MARGIN = 0.01
"""By how much the accuracy of an unknown checkpoint has to exceed that of always answering the same: 4 of 408 pairs.

Small, since the smallest of the published BERTs come no further than some points above it.
"""

EMBEDDINGS = "embeddings.word_embeddings.weight"


@dataclass(frozen=True, slots=True)
class Known:
    """A checkpoint whose full runs were measured with `RECIPE`: the worst of them less a margin, and how measured."""

    name: str
    fingerprint: str
    accuracy: float
    f1: float
    measured: str


KNOWN = (
    Known(
        name="sentence-transformers/all-MiniLM-L6-v2",
        fingerprint="8c1ee80a9ea4f65a",
        accuracy=0.73,
        f1=0.815,
        measured=(
            "Eight runs of all-MiniLM-L6-v2 had accuracies of 0.767 to 0.826 (mean 0.799, standard deviation 0.02) and "
            "F1 of 0.841 to 0.877 (0.862, 0.012); three and a half deviations below the means is asked for."
        ),
    ),
)


def known(checkpoint: str) -> Known | None:
    """The measured checkpoint that this is, by its weights, whatever its folder is called; None for another one."""
    print_ = fingerprint(checkpoint)
    return next((one for one in KNOWN if one.fingerprint == print_), None)


def threshold(checkpoint: Known | None, baseline: Scores) -> Threshold:
    """What a run has to reach on data with this baseline."""
    if checkpoint is not None:
        return Threshold(checkpoint.accuracy, checkpoint.f1, checkpoint.measured)
    return Threshold(
        round(baseline.accuracy + MARGIN, 4),
        None,
        f"Nothing was measured for this checkpoint, so its accuracy has to exceed that of always answering "
        f"'equivalent', {baseline.accuracy:.4f}, by {MARGIN:g}.",
    )


def fingerprint(checkpoint: str) -> str:
    """A hash of the word embeddings in half precision, so that it is the same however they are stored.

    All of them: a checkpoint tuned further has the embeddings of unused tokens in common with where it came from.

    Args:
        checkpoint: a folder, or a name of the Hub whose files are in the cache.

    Returns:
        16 hexadecimal digits, or "" where there are no such weights in a safetensors file.
    """
    import numpy as np
    from safetensors import safe_open

    weights = weights_file(checkpoint)
    if weights is None:
        return ""
    with safe_open(weights, framework="pt") as file:
        names = [name for name in file.keys() if name.endswith(EMBEDDINGS)]  # noqa: SIM118 - no mapping
        if not names:
            return ""
        embeddings = file.get_tensor(names[0])
    return hashlib.sha256(np.ascontiguousarray(embeddings.half().numpy()).tobytes()).hexdigest()[:16]


def weights_file(checkpoint: str) -> Path | None:
    """The safetensors file of a checkpoint, in its folder or in the cache of the Hub."""
    from huggingface_hub import try_to_load_from_cache

    name = "model.safetensors"
    if Path(checkpoint).is_dir():
        path = Path(checkpoint) / name
        return path if path.is_file() else None
    cached = try_to_load_from_cache(checkpoint, name)
    return Path(cached) if isinstance(cached, str) else None
