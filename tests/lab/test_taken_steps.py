"""The grader's own training: the steps that are really taken, and a process that is afterwards as it was."""

import os
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from accelerate.state import AcceleratorState
from transformers import TrainingArguments

from pytest_trainer.lab.taken_steps import KINDS, NoTraining, default_settings, known, take_steps, undisturbed
from pytest_trainer.reference import arguments
from pytest_trainer.reference.schedules import learning_rate

BATCH = ("per_device_train_batch_size", "gradient_accumulation_steps")


def made(**settings: Any) -> dict[str, Any]:
    with undisturbed():
        plain: dict[str, Any] = TrainingArguments("folder", **settings).to_dict()
    return plain


def test_the_defaults_steps() -> None:
    steps = take_steps(default_settings(), tuple(KINDS), rows=37, epochs=2)
    assert steps.batches == arguments.batch_sizes(37, 8) * 2
    assert steps.updates == steps.batches
    assert steps.learning_rates == pytest.approx([5e-5 * (10 - step) / 10 for step in range(10)], rel=1e-12)
    assert (steps.epoch_ends, steps.evaluations) == ([5, 10], [])


@pytest.mark.parametrize("seed", range(8))
def test_batches_and_updates_are_as_defined(seed: int) -> None:
    draw = random.Random(seed)
    rows, at_a_time, batches = draw.randrange(1, 60), draw.randrange(1, 18), draw.randrange(1, 6)
    settings = made(per_device_train_batch_size=at_a_time, gradient_accumulation_steps=batches)
    steps = take_steps(settings, BATCH, rows=rows, epochs=2)
    assert steps.batches == arguments.batch_sizes(rows, at_a_time) * 2
    assert steps.updates == arguments.update_sizes(rows, at_a_time, batches) * 2


def test_accumulation_may_be_told_to_accelerate() -> None:
    settings = made(accelerator_config={"gradient_accumulation_kwargs": {"num_steps": 4}})
    steps = take_steps(settings, arguments.ACCUMULATION, rows=37, epochs=1, per_device_train_batch_size=4)
    assert steps.updates == [16, 16, 5]


@pytest.mark.parametrize(("rows", "epochs"), [(37, 2), (50, 3)])
def test_learning_rates_are_the_cosines(rows: int, epochs: int) -> None:
    steps = take_steps(made(lr_scheduler_type="cosine"), arguments.SCHEDULE, rows=rows, epochs=epochs)
    total = len(arguments.batch_sizes(rows, 8)) * epochs
    wanted = [learning_rate(step, 5e-5, 0, total, "cosine") for step in range(total)]
    assert steps.learning_rates == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({"eval_strategy": "epoch"}, [5, 10]),
        ({"eval_strategy": "steps", "eval_steps": 0.5}, [5, 10]),
        ({"eval_strategy": "epoch", "eval_delay": 2}, [10]),
        ({"do_eval": True}, []),
    ],
    ids=str,
)
def test_evaluations_come_when_they_are_asked_for(settings: dict[str, Any], wanted: list[int]) -> None:
    names = ("eval_strategy", "eval_steps", "eval_delay")
    assert take_steps(made(**settings), names, rows=37, epochs=2).evaluations == wanted


def test_evaluations_every_so_many_updates_may_come_at_the_end_too() -> None:
    settings = made(eval_strategy="steps", eval_steps=4)
    steps = take_steps(settings, ("eval_strategy", "eval_steps"), rows=37, epochs=2)
    assert steps.evaluations[:2] == [4, 8]
    assert steps.evaluations[2:] in ([], [10])  # transformers 5 evaluates once more where a training ends in between


# -- what is not trusted ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("per_device_train_batch_size", "4"),
        ("per_device_train_batch_size", 0),
        ("per_device_train_batch_size", True),
        ("per_device_train_batch_size", 4.0),
        ("gradient_accumulation_steps", 10**9),
        ("learning_rate", "2e-5"),
        ("learning_rate", float("nan")),
        ("learning_rate", None),
        ("lr_scheduler_type", "../cosine"),
        ("lr_scheduler_type", ["cosine"]),
        ("lr_scheduler_kwargs", "{}"),
        ("lr_scheduler_kwargs", {"num_cycles": [1]}),
        ("lr_scheduler_kwargs", {"path": "/etc/passwd"}),
        ("warmup_steps", "10"),
        ("eval_strategy", 3),
        ("eval_steps", "5"),
    ],
)
def test_a_setting_of_another_kind_is_refused_with_a_sentence(name: str, value: object) -> None:
    with pytest.raises(NoTraining, match=rf"^{name}: wanted .+, came back .+\.$"):
        take_steps({name: value}, (name,), rows=9, epochs=1)


def test_other_settings_do_not_get_in(tmp_path: Path) -> None:
    settings = default_settings() | {"deepspeed": str(tmp_path / "none.json"), "output_dir": str(tmp_path / "o")}
    take_steps(settings, ("learning_rate",), rows=9, epochs=1)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(KeyError):
        known("output_dir", "folder")


def test_what_the_trainer_raises_becomes_a_sentence() -> None:
    with pytest.raises(NoTraining, match=r"^A Trainer with these arguments raises ValueError: kosinus"):
        take_steps({"lr_scheduler_type": "kosinus"}, ("lr_scheduler_type",), rows=9, epochs=1)


# -- the process afterwards -------------------------------------------------------------------------------------------


def state() -> tuple[Any, ...]:
    draws = random.getstate(), np.random.get_state()[1].tobytes(), torch.default_generator.get_state().tolist()
    return dict(os.environ), dict(AcceleratorState._shared_state), *draws, Path.cwd()


def test_a_training_leaves_the_process_as_it_was(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    before = state()
    take_steps(made(eval_strategy="epoch"), ("eval_strategy",), rows=9, epochs=1)
    with pytest.raises(NoTraining):
        take_steps({"lr_scheduler_type": "kosinus"}, ("lr_scheduler_type",), rows=9, epochs=1)
    assert state() == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("settings", [{"fp16": True}, {"bf16": True, "use_cpu": True}], ids=str)
def test_a_precision_does_not_outlive_the_arguments(settings: dict[str, Any]) -> None:
    before = state()
    made(**settings)
    assert state() == before
    with undisturbed():
        assert getattr(TrainingArguments("folder"), "mixed_precision", "no") == "no"
        assert os.environ.get("ACCELERATE_MIXED_PRECISION", "no") == "no"


def test_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    take_steps(made(eval_strategy="epoch"), ("eval_strategy",), rows=9, epochs=1)
    assert capsys.readouterr() == ("", "")
