"""TrainingArguments: what they are by default, and which names they no longer have."""

from pathlib import Path

import pytest
import torch
from transformers import Trainer, TrainingArguments

from claims.claim import claim
from claims.small import Slope, arguments, bert, logged, same, slope_rows, trainer, weights


@claim(
    "TrainingArguments needs no argument: without a directory it writes to trainer_output.",
    said_in={"03_training_arguments": "`TrainingArguments()` writes to `trainer_output`"},
    differs="The directory is the only argument that TrainingArguments must be given.",
)
def test_no_directory_is_needed() -> None:
    assert TrainingArguments().output_dir == "trainer_output"


DEFAULTS = {
    "num_train_epochs": 3,
    "per_device_train_batch_size": 8,
    "per_device_eval_batch_size": 8,
    "learning_rate": 5e-5,
    "lr_scheduler_type": "linear",
    "warmup_steps": 0,
    "weight_decay": 0.0,
    "adam_beta1": 0.9,
    "adam_beta2": 0.999,
    "max_grad_norm": 1.0,
    "gradient_accumulation_steps": 1,
    "optim": "adamw_torch_fused",
    "seed": 42,
    "fp16": False,
    "bf16": False,
    "eval_strategy": "no",
    "logging_strategy": "steps",
    "logging_steps": 500,
    "save_strategy": "steps",
    "save_steps": 500,
}


@claim(
    "By default a training takes 3 epochs, batches of 8, AdamW with a learning rate of 5e-5 that falls linearly, no "
    "warm-up, gradients clipped to a norm of 1, and seed 42; it logs and saves every 500 steps, and never evaluates.",
    said_in={
        "03_training_arguments": "with betas 0.9 and 0.999, and no weight decay",
        "07_schedule": "| `learning_rate` | `base` | 5e-5 |",
    },
)
@pytest.mark.parametrize(("name", "value"), DEFAULTS.items())
def test_defaults(name: str, value: object) -> None:
    assert getattr(TrainingArguments("out"), name) == value


@claim(
    "Nothing is reported to an experiment tracker unless `report_to` asks for it.",
    said_in={"03_training_arguments": "none is, unless `report_to` names it"},
    holds="transformers>=5.0",
)
def test_reports_to_no_tracker(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = "transformers.integrations.get_available_reporting_integrations"
    monkeypatch.setattr(installed, lambda: ["tensorboard"])
    assert TrainingArguments("out").report_to == []


@claim(
    "`evaluation_strategy`, the old name of `eval_strategy`, is a TypeError.",
    said_in={"03_training_arguments": "`evaluation_strategy` is called `eval_strategy`; the old name is a `TypeError`"},
    quiz=("2b",),
)
def test_evaluation_strategy_is_gone() -> None:
    with pytest.raises(TypeError, match="evaluation_strategy"):
        TrainingArguments("out", evaluation_strategy="epoch")


@claim(
    "`do_eval` is still an argument. Set alone it starts no evaluation during the training.",
    said_in={"03_training_arguments": "`do_eval=True` sounds as if it did this, and does not"},
    quiz=("2a",),
    differs="The quiz at the end says that `do_eval` is no argument any more.",
)
def test_do_eval_alone_evaluates_nothing(tmp_path: Path) -> None:
    run = trainer(tmp_path, settings={"do_eval": True, "num_train_epochs": 2})
    run.train()
    assert run.args.do_eval
    assert not logged(run, "eval_loss")


@claim('An `eval_strategy` other than "no" sets `do_eval` by itself.', quiz=("2a",))
def test_do_eval_follows_from_the_strategy() -> None:
    assert not TrainingArguments("out").do_eval
    assert TrainingArguments("out", eval_strategy="epoch").do_eval


@claim("`logging_steps` sets how often the training loss is logged. Set alone it starts no evaluation.", quiz=("2c",))
def test_logging_steps_alone_evaluates_nothing(tmp_path: Path) -> None:
    run = trainer(tmp_path, settings={"logging_steps": 2, "num_train_epochs": 1})
    run.train()
    assert len(logged(run, "loss")) == 2
    assert not logged(run, "eval_loss")


@claim(
    'With `eval_strategy="epoch"` the Trainer evaluates at the end of each epoch.',
    said_in={"03_training_arguments": "has the Trainer evaluate after each pass over the training data"},
    quiz=("2d",),
    on_page=True,
)
def test_strategy_epoch_evaluates_once_an_epoch(tmp_path: Path) -> None:
    run = trainer(tmp_path, settings={"eval_strategy": "epoch", "num_train_epochs": 3})
    run.train()
    assert [entry["epoch"] for entry in run.state.log_history if "eval_loss" in entry] == [1, 2, 3]


@claim(
    'With `eval_strategy="steps"` it evaluates every `eval_steps`; these left out, every `logging_steps`.',
    quiz=("2d",),
    on_page=True,
)
@pytest.mark.parametrize(("settings", "steps"), [({"eval_steps": 3}, [3, 6]), ({"logging_steps": 4}, [4, 8])])
def test_strategy_steps_evaluates_every_so_many(tmp_path: Path, settings: dict[str, int], steps: list[int]) -> None:
    run = trainer(tmp_path, settings={"eval_strategy": "steps", "num_train_epochs": 2, **settings})
    run.train()
    # Newer versions evaluate after the last step too.
    assert [entry["step"] for entry in run.state.log_history if "eval_loss" in entry][:2] == steps


@claim(
    "Three epochs over the 3,668 training pairs of MRPC, in batches of 8, are 3 times 459, 1,377 steps; the last batch "
    "of an epoch has 4 pairs.",
    said_in={
        "02_collation": "some 1,400 times in three epochs of MRPC",
        "03_training_arguments": "3 x 459 = 1,377 steps",
        "07_schedule": "for MRPC, 3 epochs of 459 batches are 1,377",
    },
)
def test_steps_of_three_epochs_of_mrpc(tmp_path: Path) -> None:
    run = Trainer(Slope(), arguments(tmp_path), train_dataset=slope_rows(3668))
    sizes = [len(batch["x"]) for batch in run.get_train_dataloader()]
    assert sizes == [8] * 458 + [4]
    assert len(sizes) * run.args.num_train_epochs == 1377


@claim(
    "An evaluation changes nothing in the model.",
    said_in={"03_training_arguments": "Evaluation looks at the model and changes nothing in it"},
)
def test_evaluation_changes_nothing(tmp_path: Path) -> None:
    run = trainer(tmp_path)
    before = weights(run.model)
    run.evaluate()
    assert same(before, weights(run.model))


@claim(
    "`no_cuda`, the old name of `use_cpu`, is a TypeError.",
    said_in={"03_training_arguments": "`no_cuda` is called `use_cpu` since transformers 5.0"},
    holds="transformers>=5.0",
)
@pytest.mark.filterwarnings("ignore:using `no_cuda` is deprecated:FutureWarning")
def test_no_cuda_is_gone() -> None:
    with pytest.raises(TypeError, match="no_cuda"):
        TrainingArguments("out", no_cuda=True)


@claim(
    "A number given as a text is accepted, and the optimiser cannot calculate with it.",
    said_in={
        "03_training_arguments": '`"2e-5"` is accepted as a text, and then the optimiser cannot calculate with it'
    },
)
def test_numbers_in_quotes_fail_late(tmp_path: Path) -> None:
    run = trainer(tmp_path, settings={"learning_rate": "2e-5"})
    with pytest.raises(TypeError):
        run.train()


@claim(
    '`set_evaluate("epoch")` leaves `eval_delay` at None, and the training stops at the end of the first epoch with a '
    "TypeError.",
    said_in={"03_training_arguments": "leaves `eval_delay` at `None`"},
)
def test_set_evaluate_stops_the_training(tmp_path: Path) -> None:
    settings = arguments(tmp_path, num_train_epochs=2).set_evaluate("epoch")
    assert settings.eval_delay is None
    run = trainer(tmp_path, args=settings)
    with pytest.raises(TypeError, match="NoneType"):
        run.train()
    assert run.state.global_step == 4


@claim(
    "`adamw_torch` and `adamw_torch_fused` compute the same, to the last digits of a float.",
    said_in={"03_training_arguments": "`adamw_torch` and `adamw_torch_fused` count as one optimiser"},
)
def test_fused_adamw_computes_the_same(tmp_path: Path) -> None:
    def stepped(optim: str) -> dict[str, torch.Tensor]:
        run = trainer(tmp_path, bert(dropout=0), {"optim": optim, "weight_decay": 0.1})
        optimizer, draws = run.create_optimizer(), torch.Generator().manual_seed(0)
        for _ in range(4):
            # The same gradients for both: where a model computes them, a difference in the last digit of one near zero
            # turns a whole step of Adam round.
            for weight in run.model.parameters():
                weight.grad = torch.randn(weight.shape, generator=draws)
            optimizer.step()
        return weights(run.model)

    fresh = weights(bert(dropout=0))
    one, other = stepped("adamw_torch"), stepped("adamw_torch_fused")
    assert all(torch.allclose(one[name], other[name], rtol=1e-5, atol=1e-7) for name in one)
    assert not any(torch.allclose(one[name], fresh[name], rtol=1e-5, atol=1e-7) for name in one)
