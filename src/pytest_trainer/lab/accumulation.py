"""What gradient accumulation does in the installed Trainer: the command with which lesson 06 measures it.

    python -m pytest_trainer.lab.accumulation                       the Trainer by itself
    python -m pytest_trainer.lab.accumulation accumulation.py       and with the mean_loss of that file

One batch of 16 sentence pairs goes through the tiny checkpoint, without dropout, in k micro-batches of 16 / k pairs. It
runs offline and on the CPU, in some seconds.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import runpy
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_trainer.lab.offline_hub import CHECKPOINT
from pytest_trainer.lab.paraphrases import paraphrases

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedTokenizerBase

ROWS = 16
STEPS = (1, 2, 4, 8)
"""The values of gradient_accumulation_steps that are measured."""

CLIPPED_AT = 1.0
"""The default of max_grad_norm; 0 switches clipping off."""

LossFunction = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One optimiser step: the gradient that the optimiser got, how far the weights moved, the loss that was logged."""

    gradient: Tensor
    moved: float
    logged_loss: float


def full_batch() -> tuple[Tensor, float]:
    """The gradient (parameters,) of the mean loss of all pairs, without a Trainer; and that loss."""
    from transformers import DataCollatorWithPadding

    model = _model()
    loss = model(**DataCollatorWithPadding(_tokenizer())(_pairs())).loss
    loss.backward()
    return _gradient(model), loss.item()


def trainer_step(
    accumulation_steps: int,
    compute_loss_func: LossFunction | None = None,
    *,
    optim: str = "sgd",
    clipped_at: float = 0.0,
    rows_per_micro_batch: int | None = None,
    accepts_loss_kwargs: bool | None = None,
) -> Step:
    """One epoch, which is one optimiser step, over the pairs in a Trainer.

    Args:
        accumulation_steps: the number k of micro-batches.
        compute_loss_func: as the Trainer takes it.
        optim: the optimiser's name, as in TrainingArguments.
        clipped_at: max_grad_norm.
        rows_per_micro_batch: 16 / k, unless said otherwise.
        accepts_loss_kwargs: set on the model before the Trainer sees it, unless None.
    """
    model = _model()
    if accepts_loss_kwargs is not None:
        model.accepts_loss_kwargs = accepts_loss_kwargs
    before = _weights(model)
    training = train(
        model,
        _pairs(),
        processing_class=_tokenizer(),
        compute_loss_func=compute_loss_func,
        per_device_train_batch_size=rows_per_micro_batch or ROWS // accumulation_steps,
        gradient_accumulation_steps=accumulation_steps,
        learning_rate=1e-3,
        optim=optim,
        max_grad_norm=clipped_at,
    )
    [gradient], [logged_loss] = training.gradients, training.logged_losses
    return Step(gradient, float((training.weights - before).norm()), logged_loss)


@dataclass(frozen=True, slots=True)
class Training:
    """What a Trainer did: the gradient (parameters,) that the optimiser got and the loss that was logged at each step.

    `weights` (parameters,) are those at the end.
    """

    gradients: list[Tensor]
    logged_losses: list[float]
    weights: Tensor


def train(
    model: Any,
    rows: Sequence[Mapping[str, Any]],
    *,
    compute_loss_func: LossFunction | None = None,
    data_collator: Callable[..., Any] | None = None,
    processing_class: PreTrainedTokenizerBase | None = None,
    **settings: Any,
) -> Training:
    """Train on the CPU in a Trainer, on rows in their order: one epoch of SGD without clipping, unless said otherwise.

    Args:
        model: changed by the training.
        rows: the tokenized rows with their labels, not padded yet.
        compute_loss_func, data_collator, processing_class: as the Trainer takes them.
        settings: for TrainingArguments.
    """
    import torch
    from transformers import Trainer, TrainerCallback, TrainingArguments

    gradients: list[Tensor] = []

    class Sequential(Trainer):
        def _get_train_sampler(self, *_args: Any, **_words: Any) -> Any:
            rows: Any = self.train_dataset
            return torch.utils.data.SequentialSampler(rows)

    class Look(TrainerCallback):
        def on_pre_optimizer_step(self, *_args: Any, **words: Any) -> None:
            gradients.append(_gradient(words["model"]))

    usual: dict[str, Any] = {
        "num_train_epochs": 1,
        "lr_scheduler_type": "constant",
        "optim": "sgd",
        "max_grad_norm": 0.0,
        "use_cpu": True,
        "logging_steps": 1,
        "save_strategy": "no",
        "report_to": "none",
        "disable_tqdm": True,
    }
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(None):
        trainer = Sequential(
            model=model,
            args=TrainingArguments(output_dir=folder, **usual | settings),
            data_collator=data_collator,
            train_dataset=rows,
            processing_class=processing_class,
            callbacks=[Look()],
            compute_loss_func=compute_loss_func,
        )
        trainer.train()
    logged = [float(entry["loss"]) for entry in trainer.state.log_history if "loss" in entry]
    return Training(gradients, logged, _weights(model))


@functools.cache
def _pairs() -> list[dict[str, Any]]:
    """The tokenized pairs, not padded yet."""
    tokenizer = _tokenizer()
    return [
        {**tokenizer(pair.sentence1, pair.sentence2), "labels": pair.label} for pair in paraphrases(0)["train"][:ROWS]
    ]


@functools.cache
def _tokenizer() -> PreTrainedTokenizerBase:
    from transformers import AutoTokenizer

    tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(CHECKPOINT)
    return tokenizer


def _model() -> Any:
    """The tiny checkpoint without dropout, with the same new head at every call."""
    from transformers import AutoModelForSequenceClassification, set_seed

    set_seed(0)
    return AutoModelForSequenceClassification.from_pretrained(
        CHECKPOINT, num_labels=2, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    )


def _gradient(model: Any) -> Tensor:
    import torch

    return torch.cat([weight.grad.detach().flatten() for weight in model.parameters()])


def _weights(model: Any) -> Tensor:
    import torch

    return torch.cat([weight.detach().flatten() for weight in model.parameters()])


def report(compute_loss_func: LossFunction | None = None) -> Iterator[str]:
    """The lines that the command prints, one after the other as they are measured."""
    import transformers

    full, loss = full_batch()
    yield f"transformers {transformers.__version__}: {ROWS} pairs in k micro-batches; their mean loss is {loss:.4f}."
    yield "The gradient that the optimiser gets, as a multiple of the full batch's, and"
    yield "the loss in the log:"
    yield ""
    yield "        the Trainer by itself" + ("      with your mean_loss" if compute_loss_func else "")
    yield "   k    gradient     logged" + ("         gradient     logged" if compute_loss_func else "")
    moved = {}
    for k in STEPS:
        by_itself = trainer_step(k)
        moved[k] = [by_itself.moved]
        steps = [by_itself] + ([trainer_step(k, compute_loss_func)] if compute_loss_func else [])
        cells = (f"{float(step.gradient.norm() / full.norm()):8.4f}   {step.logged_loss:8.4f}" for step in steps)
        yield f"{k:4}    " + "         ".join(cells)
    yield ""
    yield "How far this step of the Trainer by itself moves the weights, compared with k = 1:"
    yield ""
    yield f"   k         SGD    SGD, clipped at {CLIPPED_AT}       AdamW"
    for k in STEPS:
        moved[k] += [trainer_step(k, clipped_at=CLIPPED_AT).moved, trainer_step(k, optim="adamw_torch").moved]
        plain, clipped, adamw = (now / once for now, once in zip(moved[k], moved[STEPS[0]], strict=True))
        yield f"{k:4}    {plain:8.4f}    {clipped:19.4f}    {adamw:8.4f}"


def mean_loss_of(file: str) -> LossFunction:
    """The function mean_loss of a student's file; ends the program with a sentence where there is none."""
    if not Path(file).is_file():
        raise SystemExit(f"There is no file {file}.")
    function: LossFunction | None = runpy.run_path(file).get("mean_loss")
    if function is None:
        raise SystemExit(f"{file} has no function mean_loss.")
    return function


def main(arguments: Sequence[str]) -> None:
    """Print the report."""
    import torch
    import transformers

    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    gc.freeze()  # each Trainer asks for a garbage collection, which would take longer than its training
    try:
        for line in report(mean_loss_of(arguments[0]) if arguments else None):
            print(line, flush=True)
    except NotImplementedError:
        raise SystemExit("mean_loss is still to write.") from None
    finally:
        gc.unfreeze()


if __name__ == "__main__":
    main(sys.argv[1:])
