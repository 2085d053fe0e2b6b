"""What a Trainer does in a full run, written down as events while it does it."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_trainer.full_run import processes
from pytest_trainer.full_run.events import Event, last_number, number, read_events

if TYPE_CHECKING:
    import torch
    from torch import nn
    from transformers import Trainer, TrainerCallback

LOGGED = ("loss", "learning_rate", "grad_norm")
CLOCK = ("_runtime", "_per_second")


def recorder(trainer: Trainer, file: Path) -> TrainerCallback:
    """A callback that appends what happens to `file`, a JSON object a line, while the Trainer trains.

    On a resumed training the events after the step that it goes on from are taken out first.
    """
    import torch
    from transformers import TrainerCallback

    record = Record(file)

    class Recorder(TrainerCallback):
        evaluated_at: int | None = None

        def on_train_begin(self, *now: Any, **words: Any) -> None:
            args, state, _ = now
            record.begin(state.global_step, words["model"])
            if args.device.type == "cuda":
                torch.cuda.reset_peak_memory_stats(args.device)
            data: Any = trainer.train_dataset
            record.add(
                "start",
                state.global_step,
                max_steps=state.max_steps,
                epochs=state.num_train_epochs,
                rows=len(data),
                batch_size=args.per_device_train_batch_size,
                accumulation_steps=args.gradient_accumulation_steps,
                device=args.device.type,
                parameters=sum(weight.numel() for weight in words["model"].parameters()),
            )

        def on_log(self, *now: Any, **words: Any) -> None:
            logs, state = words.get("logs") or {}, now[1]
            if "loss" in logs:
                told = {name: logs[name] for name in LOGGED if name in logs}
                record.add("log", state.global_step, epoch=state.epoch, **told, tokens=record.tokens())

        def on_evaluate(self, *now: Any, **words: Any) -> None:
            metrics, state = words.get("metrics") or {}, now[1]
            if state.global_step == self.evaluated_at:
                return  # once more after the training
            self.evaluated_at = state.global_step
            told = {name: value for name, value in metrics.items() if is_metric(name, value)}
            record.add("evaluation", state.global_step, epoch=state.epoch, **told)

        def on_train_end(self, *now: Any, **_: Any) -> None:
            args, state, _control = now
            peak = torch.cuda.max_memory_allocated(args.device) if args.device.type == "cuda" else None
            record.add("end", state.global_step, tokens=record.tokens(), peak_memory=peak)
            record.end()

    return Recorder()


class Record:
    """The file of one training's events, its clock, and its count of tokens."""

    def __init__(self, file: Path) -> None:
        self._file, self._started = file, time.perf_counter()
        self._tokens_before, self._counter = 0, TokenCounter()

    def begin(self, step: int, model: nn.Module) -> None:
        """Start the clock, or let it go on from what an interrupted training recorded until this step."""
        kept = keep_until(self._file, step)
        self._started = time.perf_counter() - (last_number(kept, "seconds") or 0.0)
        self._tokens_before = int(last_number(kept, "tokens") or 0)
        self._counter.attach(model)

    def add(self, event: str, step: int, **about: Any) -> None:
        """Append one event."""
        line = {"event": event, "step": step, **about, "seconds": round(time.perf_counter() - self._started, 3)}
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps({name: _finite(value) for name, value in line.items()}) + "\n")

    def tokens(self) -> int:
        """How many tokens were trained on, padding not counted."""
        return self._tokens_before + self._counter.seen() * processes.world_size()

    def end(self) -> None:
        """Count no more."""
        self._counter.detach()


class TokenCounter:
    """Counts the tokens that a model trains on, padding not counted, without waiting for the device."""

    def __init__(self) -> None:
        self._sum: int | torch.Tensor = 0
        self._hook: Any = None

    def attach(self, model: nn.Module) -> None:
        """Count what goes into this model while it is in train mode."""
        self._hook = model.register_forward_pre_hook(self._count, with_kwargs=True)

    def _count(self, model: nn.Module, _args: Any, inputs: dict[str, Any]) -> None:
        mask, ids = inputs.get("attention_mask"), inputs.get("input_ids")
        if model.training and mask is not None:
            self._sum = self._sum + mask.detach().sum()
        elif model.training and ids is not None:
            self._sum = self._sum + ids.numel()

    def seen(self) -> int:
        """So many until now."""
        return int(self._sum)

    def detach(self) -> None:
        """Count no more."""
        if self._hook is not None:
            self._hook.remove()


def is_metric(name: object, value: object) -> bool:
    """Whether this entry of an evaluation's metrics is one to record: a number of the model's, not of the clock."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(name, str) and name.startswith("eval_") and not name.endswith(CLOCK) and is_number


def keep_until(file: Path, step: int) -> list[Event]:
    """Take out of a record what came after `step`, and what a killed process wrote half of; returns what is left."""
    before = read_events(file) if step else []
    kept = [event for event in before if event["event"] != "end" and (number(event, "step") or 0) <= step]
    file.write_text("".join(json.dumps(event) + "\n" for event in kept), encoding="utf-8")
    return kept


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
