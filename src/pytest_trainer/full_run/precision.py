"""What a setting of the precision does to a real training: the same steps in float32 and in it, side by side."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datasets import Dataset

SEED = 42
BATCH = 16
EVERY = 10
"""Steps over which a logged loss is the mean."""

COUNT = {"cuda": 100, "cpu": 10}
ROWS = 640
"""So many steps, and of so many rows: on a CPU there is nothing to see but that nothing changes."""

CLOSE = 0.05
"""How far apart two logged losses may be, in nats.

fp16 has 11 significant bits, so a loss and a gradient are off by some 5e-4 of themselves; the weights stay in float32.
What Adam makes of that grows slowly. A training that does not learn at all stays 0.6 and more above one that does.
"""


@dataclass(frozen=True, slots=True)
class Steps:
    """Some steps of a training.

    Attributes:
        losses: logged, each the mean of `EVERY` steps, in nats.
        seconds: of the training. A device's first steps take longer: warm it up by some others before.
        peak_memory: bytes that tensors took on the device at the most; None on a CPU.
        precision: in which the model calculates, as Accelerate calls it: "no", "fp16" or "bf16".
        weights: the types of the parameters, by name.
    """

    losses: tuple[float, ...]
    seconds: float
    peak_memory: int | None
    precision: str
    weights: frozenset[str]

    def furthest(self, other: Steps) -> float:
        """The largest distance between their losses."""
        return max(abs(one - another) for one, another in zip(self.losses, other.losses, strict=True))


def steps(checkpoint: str, rows: Dataset, device: str, precision: Mapping[str, Any], count: int) -> Steps:
    """Train `count` steps, always of the same rows in the same order, and without dropout.

    Args:
        checkpoint: a folder or a name of the Hub.
        rows: with sentence1, sentence2 and label.
        device: "cuda" or "cpu".
        precision: settings of TrainingArguments.
        count: a multiple of `EVERY`.
    """
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer, PrinterCallback, Trainer, set_seed

    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    pairs = rows.map(lambda batch: tokenizer(batch["sentence1"], batch["sentence2"], truncation=True), batched=True)
    set_seed(SEED)
    model = AutoModelForSequenceClassification.from_pretrained(
        checkpoint, num_labels=2, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    ).float()
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(
            model=model,
            args=_arguments(folder, device, precision, count),
            train_dataset=pairs,
            processing_class=tokenizer,
        )
        trainer.remove_callback(PrinterCallback)
        if device == "cuda":
            torch.cuda.reset_peak_memory_stats()
        start = time.perf_counter()
        trainer.train()
        if device == "cuda":
            torch.cuda.synchronize()
        seconds = time.perf_counter() - start
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    return Steps(
        losses=tuple(map(float, losses)),
        seconds=seconds,
        peak_memory=torch.cuda.max_memory_allocated() if device == "cuda" else None,
        precision=str(trainer.accelerator.mixed_precision),
        weights=frozenset(str(weight.dtype).removeprefix("torch.") for weight in model.parameters()),
    )


def _arguments(folder: str, device: str, precision: Mapping[str, Any], count: int) -> Any:
    from transformers import TrainingArguments

    return TrainingArguments(
        folder,
        **precision,
        max_steps=count,
        per_device_train_batch_size=BATCH,
        learning_rate=5e-5,
        logging_steps=EVERY,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
        seed=SEED,
        use_cpu=device == "cpu",
    )


def measured(some: Steps) -> str:
    """Time and memory in words."""
    memory = "" if some.peak_memory is None else f" and {some.peak_memory / 2**20:.0f} MiB at the most"
    return f"{some.seconds:.1f} s{memory}"
