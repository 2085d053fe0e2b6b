"""What a training logs, saves, and does to the learning rate and the gradients."""

import math
from pathlib import Path

import pytest
import torch
from transformers import Trainer, get_scheduler

from claims.claim import claim
from claims.small import Gradients, Slope, arguments, bert, logged, same, slope_rows, trainer, weights


def slope_run(folder: Path, **settings: object) -> Trainer:
    """A whole training of the model of one weight; with batches of 1, a step for each row."""
    number = settings.pop("rows", 40)
    whole = {"num_train_epochs": 1, "per_device_train_batch_size": 1, **settings}
    run = Trainer(Slope(), arguments(folder, **whole), train_dataset=slope_rows(number))
    run.train()
    return run


@pytest.fixture(scope="module")
def with_defaults(tmp_path_factory: pytest.TempPathFactory) -> tuple[Trainer, Path]:
    """A run of 501 steps that logs and saves as often as the defaults say, and the folder that it wrote to."""
    folder = tmp_path_factory.mktemp("defaults")
    return slope_run(folder, rows=501, save_strategy="steps"), folder


@claim(
    "By default the training loss is logged every 500 steps.", said_in={"08_quiz": "The answer is **c**"}, on_page=True
)
def test_loss_is_logged_every_500_steps(with_defaults: tuple[Trainer, Path]) -> None:
    run, _ = with_defaults
    assert [entry["step"] for entry in run.state.log_history if "loss" in entry] == [500]


@claim("By default a checkpoint is saved every 500 steps, and one at the end.", on_page=True)
def test_checkpoints_every_500_steps_and_at_the_end(with_defaults: tuple[Trainer, Path]) -> None:
    _, folder = with_defaults
    assert {path.name for path in folder.iterdir()} == {"checkpoint-500", "checkpoint-501"}


@claim(
    "A run of fewer than 500 steps logs no `loss` at all, only `train_loss` at its end.",
    said_in={"08_quiz": "a short run logs no training loss unless you set `logging_steps`"},
)
def test_a_short_run_logs_only_its_mean_loss(tmp_path: Path) -> None:
    run = slope_run(tmp_path, rows=40)
    assert not logged(run, "loss")
    assert len(logged(run, "train_loss")) == 1


@claim(
    "train() returns the training loss, the mean over all steps, and no metrics of an evaluation.",
    said_in={"05_training_run": "`trainer.train()` returns the *training* loss"},
)
def test_train_returns_the_training_loss(tmp_path: Path) -> None:
    run = trainer(tmp_path, settings={"logging_steps": 1, "num_train_epochs": 1, "eval_strategy": "epoch"})
    output = run.train()
    assert output.training_loss == pytest.approx(sum(logged(run, "loss")) / 4, abs=1e-3)
    assert not any(key.startswith("eval_") for key in output.metrics)


# -- the learning rate ------------------------------------------------------------------------------------------------


def rates(folder: Path, **settings: object) -> list[float]:
    """The learning rate of each of 20 steps."""
    return logged(slope_run(folder, rows=20, logging_steps=1, **settings), "learning_rate")


@claim(
    "The learning rate decays linearly by default: step s of N, counted from 0, uses 5e-5 * (N - s) / N.",
    said_in={"07_schedule": "Step 0 is the first of the way down, and has the whole `base`"},
    on_page=True,
)
def test_decay_is_linear_by_default(tmp_path: Path) -> None:
    assert rates(tmp_path) == pytest.approx([5e-5 * (20 - step) / 20 for step in range(20)], rel=1e-12)


@claim(
    'With `lr_scheduler_type="cosine"` it uses learning_rate * (1 + cos(pi s / N)) / 2.',
    said_in={"03_training_arguments": "Step s of N is taken with 2e-5 x (1 + cos(pi s / N)) / 2"},
    on_page=True,
)
def test_cosine_decay(tmp_path: Path) -> None:
    wanted = [2e-5 * (1 + math.cos(math.pi * step / 20)) / 2 for step in range(20)]
    assert rates(tmp_path, lr_scheduler_type="cosine", learning_rate=2e-5) == pytest.approx(wanted, rel=1e-12)


@claim(
    "Over the 1,377 steps of MRPC, from 2e-5, linear uses 1.5e-5, 1e-5, 5.01e-6 and 1.45e-8 at the steps 344, 688, "
    "1032 and 1376, and cosine 1.71e-5, 1e-5, 2.94e-6 and 2.6e-11.",
    said_in={"03_training_arguments": "| 1,376, the last | 1.45e-08 | 2.6e-11 |"},
)
def test_rates_of_the_lesson() -> None:
    steps = (344, 688, 1032, 1376)
    told = {"linear": (1.5e-5, 1e-5, 5.01e-6, 1.45e-8), "cosine": (1.71e-5, 1e-5, 2.94e-6, 2.6e-11)}
    for kind, wanted in told.items():
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=2e-5)
        share = get_scheduler(kind, optimizer, num_warmup_steps=0, num_training_steps=1377).lr_lambdas[0]
        assert [2e-5 * share(step) for step in steps] == pytest.approx(wanted, rel=5e-3)


@claim(
    "With `warmup_steps` it rises from 0 in a straight line first, and then goes down over the steps that are left.",
    said_in={"07_schedule": "Both have the same warm-up, a straight line"},
)
def test_warmup(tmp_path: Path) -> None:
    wanted = [5e-5 * (step / 5 if step < 5 else (20 - step) / 15) for step in range(20)]
    assert rates(tmp_path, warmup_steps=5) == pytest.approx(wanted, rel=1e-12)


@claim(
    "`warmup_steps` below 1 is a share of all steps.",
    said_in={
        "03_training_arguments": "a value below 1 is a share of all steps",
        "07_schedule": "below 1 it is a share of all steps",
    },
    holds="transformers>=5.0",
)
def test_warmup_as_a_share(tmp_path: Path) -> None:
    try:
        by_share = rates(tmp_path, warmup_steps=0.25)
    except ValueError as error:
        pytest.fail(str(error))
    assert by_share == rates(tmp_path, warmup_steps=5)


@claim(
    "`warmup_ratio` is a TypeError.",
    said_in={"03_training_arguments": "`warmup_ratio` is gone", "07_schedule": "It is gone from today's transformers"},
    holds="transformers>=5.15",
)
def test_warmup_ratio_is_gone(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="warmup_ratio"):
        arguments(tmp_path, warmup_ratio=0.1)


# -- data that is not there -------------------------------------------------------------------------------------------


@claim(
    'Without `eval_dataset` and with `eval_strategy` "no", the default, a Trainer trains and evaluates nothing.',
    quiz=("5d",),
    on_page=True,
)
def test_trains_without_eval_dataset(tmp_path: Path) -> None:
    run = trainer(tmp_path, eval_dataset=None, settings={"num_train_epochs": 1})
    before = weights(run.model)
    run.train()
    assert not same(before, weights(run.model))
    assert not logged(run, "eval_loss")


@claim(
    "With any other `eval_strategy`, a Trainer without `eval_dataset` cannot be made: a ValueError.",
    quiz=("5c", "5d"),
    differs="Training proceeds without an `eval_dataset`; when it does not is left open.",
)
@pytest.mark.parametrize("strategy", ["epoch", "steps"])
def test_no_trainer_that_has_nothing_to_evaluate_on(tmp_path: Path, strategy: str) -> None:
    with pytest.raises(ValueError, match="eval_dataset"):
        trainer(tmp_path, eval_dataset=None, settings={"eval_strategy": strategy})


@claim("evaluate() without `eval_dataset` is a ValueError: the training data is not taken instead.", quiz=("5a",))
def test_evaluate_does_not_take_the_training_data(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="requires an eval_dataset"):
        trainer(tmp_path, eval_dataset=None).evaluate()


@claim("All rows of `train_dataset` are trained on in each epoch: none are set aside.", quiz=("5b",))
def test_all_training_rows_are_trained_on(tmp_path: Path) -> None:
    seen: list[float] = []

    class Watched(Slope):
        def forward(self, x: torch.Tensor, labels: torch.Tensor) -> dict[str, torch.Tensor]:
            seen.extend(x.tolist())
            return super().forward(x, labels)

    rows = [{"x": float(i), "labels": 0.0} for i in range(40)]
    Trainer(Watched(), arguments(tmp_path, num_train_epochs=2), train_dataset=rows).train()
    assert sorted(seen[:40]) == sorted(seen[40:]) == [float(i) for i in range(40)]


# -- clipping ---------------------------------------------------------------------------------------------------------


def gradient_norms(folder: Path, **settings: object) -> list[float]:
    """The norm of the gradients of each step, as the optimiser gets them."""
    kept = Gradients()
    run = trainer(folder, bert(dropout=0), {"num_train_epochs": 1, **settings}, callbacks=[kept])
    run.train()
    return [float(torch.cat([g.flatten() for g in step.values()]).norm()) for step in kept.steps]


@claim(
    "`max_grad_norm` scales larger gradients down to this norm, and leaves smaller ones alone; every batch has a step.",
    said_in={"03_training_arguments": "longer gradients are cut to this length"},
    quiz=("6d",),
)
def test_clipping_scales_large_gradients_down(tmp_path: Path) -> None:
    free = gradient_norms(tmp_path, max_grad_norm=0, learning_rate=0)
    limit = sorted(free)[1] + 1e-3
    clipped = gradient_norms(tmp_path, max_grad_norm=limit, learning_rate=0)
    assert len(clipped) == len(free) == 4
    assert clipped == pytest.approx([min(norm, limit) for norm in free], rel=1e-4)


# -- memory -----------------------------------------------------------------------------------------------------------


def gradients_of_a_run(folder: Path, **settings: object) -> Gradients:
    kept = Gradients()
    trainer(folder, bert(dropout=0), {"num_train_epochs": 1, **settings}, callbacks=[kept]).train()
    return kept


CHECKPOINTING = {"gradient_checkpointing": True, "gradient_checkpointing_kwargs": {"use_reentrant": False}}
# Newer versions call it activation_checkpointing and warn of the name that all of them know.
deprecated = pytest.mark.filterwarnings("ignore:`gradient_checkpointing:FutureWarning")


@deprecated
@claim(
    "Gradient checkpointing changes neither the gradients nor the number of steps, and writes nothing to disk.",
    quiz=("6a",),
)
def test_gradient_checkpointing_is_no_accumulation(tmp_path: Path) -> None:
    plain, checkpointed = gradients_of_a_run(tmp_path), gradients_of_a_run(tmp_path, **CHECKPOINTING)
    assert len(plain.steps) == len(checkpointed.steps) == 4
    for one, other in zip(plain.steps, checkpointed.steps, strict=True):
        assert all(torch.allclose(one[name], other[name], atol=1e-6) for name in one)
    assert not list(tmp_path.rglob("*"))


@deprecated
@claim(
    "Gradient checkpointing computes each layer of the encoder a second time, during the backward pass.", quiz=("6a",)
)
def test_gradient_checkpointing_computes_twice(tmp_path: Path) -> None:
    def times(**settings: object) -> int:
        model, calls = bert(dropout=0), []
        model.bert.encoder.layer[0].attention.register_forward_hook(lambda *_: calls.append(1))
        trainer(tmp_path, model, {"max_steps": 1, **settings}).train()
        return len(calls)

    assert times() == 1
    assert times(**CHECKPOINTING) == 2


@claim("`per_device_train_batch_size` is how many pairs go through the model at once.", quiz=("6c",))
@pytest.mark.parametrize("size", [4, 16])
def test_a_batch_goes_through_the_model_at_once(tmp_path: Path, size: int) -> None:
    model, sizes = bert(dropout=0), []
    model.register_forward_pre_hook(
        lambda _model, _args, given: sizes.append(len(given["input_ids"])), with_kwargs=True
    )
    trainer(tmp_path, model, {"per_device_train_batch_size": size, "num_train_epochs": 1}).train()
    assert sizes == [size] * (32 // size)
