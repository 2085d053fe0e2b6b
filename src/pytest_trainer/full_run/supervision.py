"""The student's side of a full run: a Trainer is recorded, resumed, kept in float32, and pushes nothing to the Hub."""

from __future__ import annotations

import contextlib
import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_trainer.full_run import processes
from pytest_trainer.full_run.folders import SeedFolder, last_checkpoint
from pytest_trainer.full_run.hub import glue_by_its_old_name, nothing_is_pushed
from pytest_trainer.full_run.recording import recorder

if TYPE_CHECKING:
    from transformers import Trainer


class Supervision:
    """Watches over one training, which writes to `folder`.

    A context manager, within which nothing is pushed to the Hub unless `push` allows it. `watch(trainer)` comes before
    the training. Where the folder holds a checkpoint of the Trainer's, `trainer.train()` goes on from it.
    """

    def __init__(self, folder: Path, push: bool) -> None:
        self.folder, self.push = SeedFolder(folder), push
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Supervision:
        """Refuse pushes from here on; the bare name of MRPC's data set is understood."""
        self._stack.enter_context(glue_by_its_old_name())
        if not self.push:
            self._stack.enter_context(nothing_is_pushed())
        return self

    def __exit__(self, *_: object) -> None:
        """Put the libraries back."""
        self._stack.close()

    def watch(self, trainer: Trainer) -> None:
        """Record this Trainer's training, train in float32, and go on from the last checkpoint, if there is one."""
        from transformers import PrinterCallback

        last = last_checkpoint(self.folder.path)
        in_float32(trainer)
        if last is not None:
            _resume(trainer, last)
        trainer.remove_callback(PrinterCallback)  # what it prints, the record has
        if processes.grades():
            trainer.add_callback(recorder(trainer, self.folder.events))

    def save(self, trainer: Trainer) -> None:
        """Save the model that the Trainer has at the end; one process does it for all."""
        model: Any = trainer.model
        if processes.grades():
            model.save_pretrained(self.folder.trained)
        processes.together()


def in_float32(trainer: Trainer) -> None:
    """Turn weights that are stored in half precision into float32, in which mixed precision too keeps them."""
    if trainer.model_init is not None:
        init: Any = trainer.model_init

        @functools.wraps(init)
        def model_init(*args: Any) -> Any:
            return init(*args).float()

        trainer.model_init = model_init
    model: Any = trainer.model
    if model is not None:
        model.float()


def _resume(trainer: Trainer, checkpoint: Path) -> None:
    train = trainer.train

    @functools.wraps(train)
    def resumed(*args: Any, **words: Any) -> Any:
        if not args:
            words.setdefault("resume_from_checkpoint", str(checkpoint))
        return train(*args, **words)

    trainer.train = resumed  # type: ignore[method-assign]
