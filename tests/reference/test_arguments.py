"""The lists of settings against the installed TrainingArguments, and what follows from settings against its Trainer."""

import dataclasses
import itertools
from typing import Any

import pytest
import torch
import transformers
from torch import nn
from transformers import PrinterCallback, Trainer, TrainingArguments
from transformers.trainer_pt_utils import AcceleratorConfig

from pytest_trainer.lab.taken_steps import default_settings, undisturbed
from pytest_trainer.reference import arguments
from pytest_trainer.reference.schedules import learning_rate

FIELDS = {field.name: field for field in dataclasses.fields(TrainingArguments)}


def made(**settings: Any) -> dict[str, Any]:
    """The settings of TrainingArguments made with these."""
    with undisturbed():
        plain: dict[str, Any] = TrainingArguments("folder", **settings).to_dict()
    return plain


def changed(**settings: Any) -> list[str]:
    return [change.name for change in arguments.changes(made(**settings), default_settings())]


# -- every field is known ---------------------------------------------------------------------------------------------


def test_every_setting_of_the_installed_version_is_classified() -> None:
    known = arguments.TRAINING | arguments.FREE
    unknown = sorted(set(FIELDS) - known)
    assert not unknown, (
        f"transformers {transformers.__version__} has the settings {unknown}, which reference/arguments.py does not "
        "know: say there whether they change the training. Until then they count as if they did."
    )


def test_every_entry_of_the_accelerator_config_is_classified() -> None:
    entries = {f"accelerator_config.{name}" for name in AcceleratorConfig().to_dict()}
    assert entries <= arguments.TRAINING | arguments.FREE


def test_no_setting_is_in_both_lists() -> None:
    assert not arguments.TRAINING & arguments.FREE


def test_an_unknown_setting_counts_as_training() -> None:
    wanted = {"learning_rate": 5e-5, "brand_new": 1}
    found = arguments.changes({"learning_rate": 5e-5, "brand_new": 2}, wanted)
    assert found == [arguments.Change("brand_new", 1, 2)]
    assert arguments.changes(wanted, wanted) == []


# -- what counts as a change ------------------------------------------------------------------------------------------

SPELLINGS: list[dict[str, Any]] = [
    {},
    {"num_train_epochs": 3, "per_device_train_batch_size": 8, "learning_rate": 0.00005, "weight_decay": 0},
    {"optim": "adamw_torch"},
    {"optim": "adamw_torch_fused"},
    {"lr_scheduler_kwargs": {}},
    {"lr_scheduler_type": transformers.SchedulerType.LINEAR},
    {"data_seed": 42},
    {"max_steps": -5},
    {"accelerator_config": {}},
    {"accelerator_config": {"non_blocking": True}},
    {"use_cpu": True},
    {"use_cpu": True, "bf16_full_eval": True},
    {"eval_strategy": "epoch", "save_strategy": "epoch", "load_best_model_at_end": True, "eval_on_start": True},
    {"eval_strategy": "steps", "eval_steps": 0.5, "logging_steps": 7, "report_to": [], "run_name": "mine"},
    {"per_device_eval_batch_size": 64, "dataloader_num_workers": 2, "dataloader_prefetch_factor": 4, "do_train": True},
    {"disable_tqdm": True, "log_level": "error", "push_to_hub": False, "hub_token": "secret"},
]
OTHERS: list[tuple[str, dict[str, Any]]] = [
    ("per_device_train_batch_size", {"per_device_train_batch_size": 16}),
    ("gradient_accumulation_steps", {"gradient_accumulation_steps": 2}),
    (
        "accelerator_config.gradient_accumulation_kwargs",
        {"accelerator_config": {"gradient_accumulation_kwargs": {"num_steps": 2}}},
    ),
    ("accelerator_config.split_batches", {"accelerator_config": {"split_batches": True}}),
    ("learning_rate", {"learning_rate": 2e-5}),
    ("num_train_epochs", {"num_train_epochs": 2.5}),
    ("max_steps", {"max_steps": 0}),
    ("lr_scheduler_type", {"lr_scheduler_type": "cosine"}),
    ("warmup_steps", {"warmup_steps": 1}),
    ("optim", {"optim": "sgd"}),
    ("weight_decay", {"weight_decay": 0.01}),
    ("adam_beta2", {"adam_beta2": 0.98}),
    ("max_grad_norm", {"max_grad_norm": 0.0}),
    ("fp16", {"fp16": True}),
    ("bf16", {"bf16": True, "use_cpu": True}),
    ("label_smoothing_factor", {"label_smoothing_factor": 0.1}),
    ("neftune_noise_alpha", {"neftune_noise_alpha": 5}),
    ("gradient_checkpointing", {"gradient_checkpointing": True}),
    ("dataloader_drop_last", {"dataloader_drop_last": True}),
    ("auto_find_batch_size", {"auto_find_batch_size": True}),
]


@pytest.mark.parametrize("settings", SPELLINGS, ids=str)
def test_other_spellings_of_the_defaults_and_free_settings_change_nothing(settings: dict[str, Any]) -> None:
    assert changed(**settings) == []


@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize(("name", "settings"), OTHERS, ids=[name for name, _ in OTHERS])
def test_a_setting_of_the_training_is_seen(name: str, settings: dict[str, Any]) -> None:
    assert name in changed(**settings)


def test_a_seed_of_the_data_counts_beside_the_trainings_seed() -> None:
    assert changed(seed=7) == changed(seed=7, data_seed=7) == ["seed"]
    assert changed(seed=7, data_seed=42) == ["seed"]
    assert changed(data_seed=7) == ["data_seed"]


def test_what_besides_names_is_left_out() -> None:
    settings = made(learning_rate=2e-5, weight_decay=0.1)
    found = arguments.changes(settings, default_settings(), besides=("learning_rate",))
    assert [change.name for change in found] == ["weight_decay"]


def test_settings_that_only_a_subclass_has_are_its_own() -> None:
    with undisturbed():
        settings = transformers.Seq2SeqTrainingArguments("folder", predict_with_generate=True).to_dict()
    assert arguments.changes(settings, default_settings()) == []


# -- the lists, by training -------------------------------------------------------------------------------------------


def trained(**settings: Any) -> list[float]:
    """The weights of a small model after a training.

    It has no dropout: each evaluation takes one number from the generator that dropout draws from, so that what is
    dropped afterwards is something else with the same distribution.
    """
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 2))

    class Classifier(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, inputs: torch.Tensor, labels: torch.Tensor) -> dict[str, torch.Tensor]:
            logits = self.network(inputs)
            return {"loss": nn.functional.cross_entropy(logits.float(), labels), "logits": logits}

    rows = torch.randn(29, 3)
    data = [{"inputs": row, "labels": int(row.sum() > 0)} for row in rows]
    own = {"report_to": "none", "disable_tqdm": True, "save_strategy": "no", "num_train_epochs": 2}
    with undisturbed():
        given = TrainingArguments(**{"output_dir": "unused", "learning_rate": 1e-2, **own, **settings})
        trainer = Trainer(Classifier(), given, train_dataset=data, eval_dataset=data[:5])
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    return [weight for parameter in network.parameters() for weight in parameter.detach().flatten().tolist()]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> list[float]:
    return trained(output_dir=str(tmp_path_factory.mktemp("plain")))


@pytest.mark.parametrize(
    "settings",
    [
        {"eval_strategy": "epoch", "per_device_eval_batch_size": 3, "eval_accumulation_steps": 2},
        {"eval_strategy": "steps", "eval_steps": 3, "eval_on_start": True, "prediction_loss_only": True},
        {"logging_steps": 1, "logging_first_step": True, "logging_nan_inf_filter": False},
        {"do_train": True, "do_eval": True, "do_predict": True},
        {"use_cpu": True},
        {"dataloader_pin_memory": False, "skip_memory_metrics": False, "ignore_data_skip": True},
        {"data_seed": 42},
        {"max_steps": -3},
        {"include_num_input_tokens_seen": "no", "label_names": ["labels"], "length_column_name": "n"},
    ],
    ids=str,
)
def test_free_settings_leave_the_trained_weights_as_they_are(plain, tmp_path, settings) -> None:  # type: ignore[no-untyped-def]
    assert trained(output_dir=str(tmp_path), **settings) == plain


def test_fp16_does_nothing_on_a_cpu(plain: list[float], tmp_path: Any) -> None:
    assert trained(output_dir=str(tmp_path), fp16=True, use_cpu=True) == plain


@pytest.mark.parametrize(
    "settings",
    [
        {"per_device_train_batch_size": 4},
        {"gradient_accumulation_steps": 2},
        {"dataloader_drop_last": True},
        {"seed": 1},
        {"data_seed": 1},
        {"max_grad_norm": 0.01},
        {"adam_beta1": 0.5},
        {"weight_decay": 0.1},
        {"bf16": True, "use_cpu": True},
    ],
    ids=str,
)
def test_settings_of_the_training_change_the_trained_weights(plain, tmp_path, settings) -> None:  # type: ignore[no-untyped-def]
    assert trained(output_dir=str(tmp_path), **settings) != plain


# -- what follows from settings ---------------------------------------------------------------------------------------


def test_the_lessons_numbers_of_batches_and_updates() -> None:
    mrpc = 3668
    assert len(arguments.batch_sizes(mrpc, 8)) == 459
    assert len(arguments.batch_sizes(mrpc, 4)) == 917
    updates = arguments.update_sizes(mrpc, 4, 4)
    assert (len(updates), updates.count(16), updates[-1]) == (230, 229, 4)
    assert arguments.update_sizes(mrpc, 16, 1) == updates


@pytest.mark.parametrize(
    ("rows", "at_a_time", "batches", "wanted"),
    [
        (16, 4, 4, [16]),
        (17, 4, 4, [16, 1]),
        (37, 4, 4, [16, 16, 5]),
        (3, 8, 1, [3]),
        (9, 4, 1, [4, 4, 1]),
    ],
)
def test_update_sizes(rows: int, at_a_time: int, batches: int, wanted: list[int]) -> None:
    assert arguments.update_sizes(rows, at_a_time, batches) == wanted
    assert sum(arguments.batch_sizes(rows, at_a_time)) == rows


def test_the_lessons_learning_rates() -> None:
    steps = (0, 344, 688, 1032, 1376)
    falling = [f"{learning_rate(step, arguments.PEAK, 0, 1377, 'cosine'):.3g}" for step in steps]
    assert falling == ["2e-05", "1.71e-05", "1e-05", "2.94e-06", "2.6e-11"]
    straight = [f"{learning_rate(step, arguments.PEAK, 0, 1377, 'linear'):.3g}" for step in steps]
    assert straight == ["2e-05", "1.5e-05", "1e-05", "5.01e-06", "1.45e-08"]


# -- what slips look like ---------------------------------------------------------------------------------------------

SLIPS: list[tuple[str, dict[str, Any], str]] = [
    ("why_not_each_epoch", {}, "by default"),
    ("why_not_each_epoch", {"do_eval": True}, "do_eval"),
    ("why_not_each_epoch", {"save_strategy": "epoch"}, "save_strategy"),
    ("why_not_each_epoch", {"logging_strategy": "epoch"}, "logging_strategy"),
    ("why_not_each_epoch", {"eval_strategy": "steps", "eval_steps": 459}, "counts updates"),
    ("why_not_each_epoch", {"eval_strategy": "steps", "eval_steps": 1 / 3}, "share"),
    ("why_not_each_epoch", {"eval_strategy": "epoch", "eval_delay": 1}, "eval_delay"),
    ("why_not_peak", {}, "by default"),
    ("why_not_peak", {"learning_rate": 2e-4}, "zeros"),
    ("why_not_peak", {"learning_rate": 2e5}, "minus"),
    ("why_not_peak", {"learning_rate": 2e-6}, "zeros"),
    ("why_not_peak", {"learning_rate": "2e-5"}, "quotes"),
    ("why_not_cosine", {}, "straight line"),
    ("why_not_cosine", {"lr_scheduler_type": "cosine", "warmup_steps": 10}, "warm-up"),
    (
        "why_not_cosine",
        {"lr_scheduler_type": "cosine_with_restarts", "lr_scheduler_kwargs": {"num_cycles": 3}},
        "restarts",
    ),
    ("why_not_cosine", {"lr_scheduler_type": "cosine", "lr_scheduler_kwargs": {"num_cycles": 1}}, "waves"),
    ("why_not_cosine", {"lr_scheduler_type": "constant"}, "constant"),
    ("why_not_cosine", {"lr_scheduler_type": "polynomial"}, "another of"),
    ("why_not_cosine", {"lr_scheduler_type": "cosine_with_min_lr", "lr_scheduler_kwargs": {"min_lr": 1e-6}}, "above 0"),
    ("why_not_four_times_four", {"per_device_train_batch_size": 16}, "at once"),
    ("why_not_four_times_four", {"gradient_accumulation_steps": 2}, "8 x 2"),
    ("why_not_four_times_four", {"per_device_train_batch_size": 2, "gradient_accumulation_steps": 8}, "2 x 8"),
    ("why_not_four_times_four", {"per_device_train_batch_size": 1, "gradient_accumulation_steps": 16}, "1 x 16"),
    ("why_not_four_times_four", {"per_device_train_batch_size": 16, "gradient_accumulation_steps": 4}, "64"),
    ("why_not_four_times_four", {"per_device_train_batch_size": 4, "gradient_accumulation_steps": 16}, "not pairs"),
    ("why_not_four_times_four", {"per_device_train_batch_size": 4, "gradient_accumulation_steps": 8}, "4 x 8"),
    ("why_not_four_times_four", {}, "8 x 1"),
    ("why_not_four_times_four", {"per_device_train_batch_size": 4}, "accumulated"),
    ("why_not_four_times_four", {"gradient_accumulation_steps": 4}, "default's 8"),
    ("why_not_four_times_four", {"per_device_train_batch_size": 4, "eval_accumulation_steps": 4}, "eval_accumulation"),
    ("why_not_four_times_four", {"per_device_eval_batch_size": 4, "gradient_accumulation_steps": 4}, "per_device_eval"),
]


@pytest.mark.parametrize(("why", "settings", "words"), SLIPS, ids=[f"{why}-{given}" for why, given, _ in SLIPS])
def test_a_slip_is_explained(why: str, settings: dict[str, Any], words: str) -> None:
    assert words in getattr(arguments, why)(made(**settings)).lower()


SHARED = [
    # 5e-5 and nothing else is the default whoever says so; zeros too many and too few are one slip
    {"by default"},
    {"zeros", "minus"},
    # any product that is not 16 is said with its own numbers
]


def test_every_two_slips_of_a_setting_are_told_apart() -> None:
    for why in {why for why, _, _ in SLIPS}:
        said = [(words, getattr(arguments, why)(made(**settings))) for name, settings, words in SLIPS if name == why]
        for (words, one), (other_words, other) in itertools.combinations(said, 2):
            assert one != other or any({words, other_words} <= shared for shared in SHARED), (words, other_words)


def test_set_evaluate_leaves_a_delay_with_which_no_trainer_evaluates() -> None:
    with undisturbed():
        settings = TrainingArguments("folder").set_evaluate(strategy="epoch").to_dict()
    assert settings["eval_delay"] is None
    assert "set_evaluate" in arguments.why_not_each_epoch(settings)


def test_a_slip_of_precision_is_explained() -> None:
    assert "Ampere" in arguments.why_not_fp16(made(bf16=True, use_cpu=True), "bf16")
    assert "_full_eval" in arguments.why_not_fp16(made(fp16_full_eval=True), "no")
    assert "existed already" in arguments.why_not_fp16(made(fp16=True), "no")
    assert arguments.why_not_fp16(made(), "no") == ""


def test_right_settings_get_no_explanation() -> None:
    assert arguments.why_not_each_epoch(made(eval_strategy="epoch")) == ""
    assert arguments.why_not_fp16(made(fp16=True), "fp16") == ""
    assert arguments.why_not_peak(made(learning_rate=2e-5)) == ""
    assert arguments.why_not_cosine(made(lr_scheduler_type="cosine")) == ""
    four_times_four = made(per_device_train_batch_size=4, gradient_accumulation_steps=4)
    assert arguments.why_not_four_times_four(four_times_four) == ""
    assert arguments.why_more("defaults", [], []) == ""


def test_what_is_changed_besides_is_explained() -> None:
    def why(function: str, shared_with: tuple[str, ...] = (), **settings: Any) -> str:
        found = arguments.changes(made(**settings), default_settings())
        return arguments.why_more(function, found, shared_with)

    assert "mixed_precision is for" in why("evaluate_each_epoch", fp16=True)
    assert "cosine_schedule is for" in why("defaults", learning_rate=2e-5)
    assert "rule of thumb" in why("effective_batch_of_16", learning_rate=1e-4)
    assert "recipe" in why("defaults", weight_decay=0.01)
    assert "one and the same object" in why("defaults", ("mixed_precision", "cosine_schedule"), weight_decay=0.01)
    assert "defaults, mixed_precision and cosine_schedule" in why("defaults", ("mixed_precision", "cosine_schedule"))
    assert why("defaults", seed=1) == ""


# -- what the lesson says of the library ------------------------------------------------------------------------------


def test_precision_is_decided_while_arguments_are_made() -> None:
    with undisturbed():
        late = TrainingArguments("folder")
        late.fp16 = True
        early = TrainingArguments("folder", fp16=True)
    if hasattr(early, "mixed_precision"):
        assert (late.mixed_precision, early.mixed_precision) == ("no", "fp16")


def test_bf16_on_a_cpu_is_refused_without_use_cpu() -> None:
    with undisturbed(), pytest.raises(ValueError, match="bf16"):
        TrainingArguments("folder", bf16=True)


def test_arguments_need_no_folder_any_more() -> None:
    with undisturbed():
        assert TrainingArguments().output_dir == "trainer_output"


def test_cosine_with_restarts_has_one_cycle_unless_told_otherwise() -> None:
    def rates(make: Any) -> list[float]:
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
        schedule = make(optimizer, 0, 20)
        taken = []
        for _ in range(20):
            taken.append(schedule.get_last_lr()[0])
            optimizer.step()
            schedule.step()
        return taken

    restarts = rates(transformers.get_cosine_with_hard_restarts_schedule_with_warmup)
    assert restarts == rates(transformers.get_cosine_schedule_with_warmup)
