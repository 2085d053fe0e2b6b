"""Settings of a training: which of them change it, what batches and updates follow from them, and what slips look like.

Nothing here imports transformers; tests/reference/test_arguments.py holds the lists against the installed version.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any


def _names(*groups: str) -> frozenset[str]:
    return frozenset(name for group in groups for name in group.split())


TRAINING = _names(
    # the batch, and what an update is made from
    "per_device_train_batch_size per_gpu_train_batch_size gradient_accumulation_steps auto_find_batch_size "
    "average_tokens_across_devices accelerator_config accelerator_config.split_batches "
    "accelerator_config.dispatch_batches accelerator_config.even_batches accelerator_config.use_seedable_sampler "
    "accelerator_config.gradient_accumulation_kwargs",
    # how long, how fast
    "num_train_epochs max_steps learning_rate lr_scheduler_type lr_scheduler_kwargs warmup_steps warmup_ratio",
    # the optimiser
    "optim optim_args optim_target_modules adafactor weight_decay adam_beta1 adam_beta2 adam_epsilon max_grad_norm",
    # the loss and the forward pass
    "label_smoothing_factor neftune_noise_alpha past_index",
    # numbers and kernels
    "fp16 bf16 tf32 half_precision_backend fp16_backend fp16_opt_level torch_compile torch_compile_backend "
    "torch_compile_mode torchdynamo use_liger_kernel liger_kernel_config gradient_checkpointing "
    "gradient_checkpointing_kwargs activation_checkpointing activation_checkpointing_kwargs",
    # which rows, in which order, with which columns
    "seed data_seed dataloader_drop_last dataloader_in_order group_by_length train_sampling_strategy "
    "remove_unused_columns",
    # the model in parts
    "deepspeed fsdp fsdp_config fsdp_min_num_params fsdp_transformer_layer_cls_to_wrap parallelism_config "
    "mp_parameters",
)
"""The settings that change the training. A dotted name is an entry of a setting that is a dict."""

FREE = _names(
    # where, and from where
    "output_dir overwrite_output_dir logging_dir resume_from_checkpoint ignore_data_skip "
    "restore_callback_states_from_checkpoint run_name project",
    # evaluation
    "eval_strategy eval_steps eval_delay eval_on_start per_device_eval_batch_size per_gpu_eval_batch_size "
    "eval_accumulation_steps eval_do_concat_batches eval_use_gather_object batch_eval_metrics prediction_loss_only "
    "include_for_metrics include_inputs_for_metrics fp16_full_eval bf16_full_eval jit_mode_eval label_names "
    "use_legacy_prediction_loop do_train do_eval do_predict load_best_model_at_end metric_for_best_model "
    "greater_is_better",
    # saving
    "save_strategy save_steps save_total_limit save_safetensors save_on_each_node save_only_model "
    "enable_jit_checkpoint push_to_hub hub_model_id hub_strategy hub_token hub_private_repo hub_always_push "
    "hub_revision push_to_hub_model_id push_to_hub_organization push_to_hub_token",
    # logging and reporting
    "logging_strategy logging_steps logging_first_step logging_nan_inf_filter log_level log_level_replica "
    "log_on_each_node report_to disable_tqdm trackio_space_id trackio_bucket_id trackio_static_space_id "
    "include_num_input_tokens_seen include_tokens_per_second skip_memory_metrics debug tpu_metrics_debug ray_scope",
    # the device, and how processes find each other
    "use_cpu no_cuda use_mps_device local_rank tpu_num_cores ddp_backend ddp_timeout ddp_find_unused_parameters "
    "ddp_bucket_cap_mb ddp_broadcast_buffers ddp_static_graph _n_gpu accelerator_config.use_configured_state",
    # speed and memory, with the same numbers
    "dataloader_num_workers dataloader_pin_memory dataloader_persistent_workers dataloader_prefetch_factor "
    "dataloader_multiprocessing_context accelerator_config.non_blocking length_column_name full_determinism "
    "torch_empty_cache_steps use_cache",
)
"""The settings that evaluate, save, log, report or place the training, and leave its updates what they are."""

SAME_OPTIMISER = frozenset({"adamw_torch", "adamw_torch_fused"})
"""Two ways to compute the same AdamW; which of them is the default, torch's version decides."""

PRECISION = ("fp16", "bf16", "half_precision_backend", "fp16_backend", "fp16_opt_level")
BATCH = ("per_device_train_batch_size", "per_gpu_train_batch_size")
ACCUMULATION = ("gradient_accumulation_steps", "accelerator_config.gradient_accumulation_kwargs")
SCHEDULE = ("lr_scheduler_type", "lr_scheduler_kwargs", "warmup_steps", "warmup_ratio")

PEAK = 2e-5


def changes_training(name: str) -> bool:
    """Whether a setting changes the training; one that this module does not know counts as if it did."""
    return name not in FREE


@dataclass(frozen=True, slots=True)
class Change:
    """A setting of the training that is not what the library has by default."""

    name: str
    wanted: object
    came: object


def flat(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings in one form: entries of `accelerator_config` under dotted names, and one spelling for equal values.

    `settings` is what `TrainingArguments.to_dict()` gives, as plain data.
    """
    plain = {name: _plain(value) for name, value in settings.items()}
    accelerator = plain.pop("accelerator_config", None)
    if isinstance(accelerator, Mapping):
        plain |= {f"accelerator_config.{name}": value for name, value in accelerator.items()}
    elif accelerator is not None:
        plain["accelerator_config"] = accelerator
    # Without a seed of its own, the order of the rows follows from the training's.
    if plain.get("data_seed") is None and "seed" in plain:
        plain["data_seed"] = plain["seed"]
    if isinstance(plain.get("max_steps"), int) and plain["max_steps"] < 0:
        plain["max_steps"] = -1
    if isinstance(plain.get("optim"), str) and plain["optim"] in SAME_OPTIMISER:
        plain["optim"] = "adamw_torch"
    return plain


def _plain(value: Any) -> Any:
    """A numpy scalar as a number; an empty dict or text as None."""
    if getattr(value, "kind", None) in ("scalar", "tensor") and value.data.size == 1:
        return value.data.reshape(()).item()
    return None if isinstance(value, (str, Mapping)) and not value else value


def changes(settings: Mapping[str, Any], defaults: Mapping[str, Any], besides: Collection[str] = ()) -> list[Change]:
    """The settings of the training that differ from the defaults, but for those named in `besides`.

    Settings that only a subclass of TrainingArguments has are its own affair, and no setting of the training.
    """
    came, wanted = flat(settings), flat(defaults)
    if came.get("data_seed") == came.get("seed"):
        came.pop("data_seed", None)
    return [
        Change(name, defaults.get(name, wanted[name]), came[name])
        for name in wanted
        if name in came and came[name] != wanted[name] and changes_training(name) and name not in besides
    ]


# -- what follows from settings ---------------------------------------------------------------------------------------


def batch_sizes(rows: int, at_a_time: int) -> list[int]:
    """The sizes of an epoch's batches: all rows once, the last batch with what remains."""
    return [min(at_a_time, rows - start) for start in range(0, rows, at_a_time)]


def update_sizes(rows: int, at_a_time: int, batches: int) -> list[int]:
    """How many rows each update of an epoch is made from: so many batches, and fewer at the epoch's end."""
    sizes = batch_sizes(rows, at_a_time)
    return [sum(sizes[start : start + batches]) for start in range(0, len(sizes), batches)]


# -- what slips look like ---------------------------------------------------------------------------------------------


def why_not_each_epoch(settings: Mapping[str, Any]) -> str:
    """What a student whose Trainer does not evaluate at the end of each epoch seems to think; empty where unknown."""
    strategy, steps, delay = (settings.get(name) for name in ("eval_strategy", "eval_steps", "eval_delay"))
    if strategy == "steps":
        if isinstance(steps, float) and steps < 1:
            return (
                "eval_steps below 1 is a share of the whole training, which is the end of an epoch for one number of "
                "epochs only. There is a strategy that goes by the epochs themselves."
            )
        return (
            "The strategy 'steps' counts updates, and how many of them an epoch has depends on the data set and on "
            "the batch. There is a strategy that goes by the epochs themselves."
        )
    if strategy == "epoch":
        if delay is None:
            return (
                "set_evaluate() leaves eval_delay at None where it is not told otherwise, and the Trainer cannot "
                "compare None with an epoch: a fault of the library. Give the strategy to TrainingArguments itself."
            )
        return "eval_delay holds evaluations back until so many epochs are over." if delay else ""
    for other, what in (("save_strategy", "checkpoints are written"), ("logging_strategy", "the loss is logged")):
        if settings.get(other) == "epoch":
            return f"{other} says when {what}; when the model is evaluated is a setting of its own."
    if settings.get("do_eval"):
        return (
            "do_eval does not make the Trainer evaluate during training: it is a mark for scripts to read. When the "
            "Trainer evaluates is the evaluation strategy's to say, and that is still 'no'."
        )
    return "By default the Trainer does not evaluate while it trains: it has to be told when." if strategy else ""


BF16 = (
    "bf16 is the right idea with another format of 16 bits, which only newer devices compute with (NVIDIA's from "
    "Ampere on); on a CPU the library refuses it without use_cpu. The lesson's setting is fp16."
)
PRECISION_TOO_LATE = (
    "fp16 was set on arguments that existed already. The precision is decided while they are made, so this changes "
    "what they say and not what the Trainer does."
)


def why_not_fp16(settings: Mapping[str, Any], precision: str | None) -> str:
    """What a student whose training is not in fp16 seems to think; empty where unknown."""
    if settings.get("bf16"):
        return BF16
    if settings.get("fp16") and precision != "fp16":
        return PRECISION_TOO_LATE
    if settings.get("fp16_full_eval") or settings.get("bf16_full_eval"):
        return (
            "The settings that end in _full_eval put the evaluation into 16 bits, with the whole model; the training "
            "stays as it was."
        )
    return ""


def why_not_four_times_four(settings: Mapping[str, Any]) -> str:
    """What a student seems to think whose batches are not 4 pairs, or not 4 to an update; empty where unknown."""
    at_a_time, batches = settings.get("per_device_train_batch_size"), settings.get("gradient_accumulation_steps")
    if not isinstance(at_a_time, int) or not isinstance(batches, int):
        return ""
    if batches == 1 and (settings.get("eval_accumulation_steps") or 1) > 1:
        return (
            "eval_accumulation_steps is about the evaluation: after so many batches its logits leave the GPU. The "
            "training accumulates no gradients by it."
        )
    if at_a_time == 8 and settings.get("per_device_eval_batch_size") == 4:
        return "per_device_eval_batch_size is the batch of the evaluation; the training has a setting of its own."
    if (at_a_time, batches) == (16, 1):
        return (
            "All 16 pairs pass through the model at once, and need the memory of 16. Accumulation is the way around "
            "that: small batches one after the other, and one update from the gradients of several."
        )
    if at_a_time * batches == 16 and at_a_time > 4:
        return (
            f"{at_a_time} x {batches} makes 16 too, but it is the batch on the device that decides how much memory is "
            f"needed, and {at_a_time} pairs at a time take more of it than 4."
        )
    if at_a_time * batches == 16 and at_a_time < 4:
        return (
            f"{at_a_time} x {batches} makes 16 too, but in more and smaller batches than the memory asks for; wanted "
            "are 4 pairs at a time."
        )
    if (at_a_time, batches) == (16, 4):
        return (
            "per_device_train_batch_size is what passes through the model at once, and not the effective batch: "
            "16 x 4 are 64 pairs to an update."
        )
    if batches == 16:
        return (
            f"gradient_accumulation_steps counts batches, not pairs: 16 batches of {at_a_time} are "
            f"{16 * at_a_time} pairs to an update."
        )
    if batches == 1 and at_a_time == 4:
        return "Nothing is accumulated: each batch of 4 makes an update of its own."
    if (at_a_time, batches) == (8, 4):
        return "The batch is still the default's 8 pairs, and 8 x 4 are 32 to an update."
    if at_a_time * batches != 16:
        return f"The effective batch is the product of both: {at_a_time} x {batches} are {at_a_time * batches} pairs."
    return ""


def why_not_peak(settings: Mapping[str, Any]) -> str:
    """What a student whose highest learning rate is not 2e-5 seems to think; empty where unknown."""
    rate = settings.get("learning_rate")
    if isinstance(rate, str):
        return "In quotes a number is a text, and the optimiser cannot calculate with one."
    if rate == 5e-5:
        return "5e-5 is the learning rate by default; the schedule alone does not change it."
    if isinstance(rate, float) and any(math.isclose(rate, PEAK * 10**power) for power in (-3, -2, -1, 1, 2, 3, 10)):
        return "2e-5 is 2 divided by 10 five times, 0.00002: count the zeros, and mind the minus."
    return ""


def why_not_cosine(settings: Mapping[str, Any]) -> str:
    """What a student whose learning rates follow another curve seems to think; empty where unknown."""
    kind, options = settings.get("lr_scheduler_type"), settings.get("lr_scheduler_kwargs")
    cycles = options.get("num_cycles") if isinstance(options, Mapping) else None
    if settings.get("warmup_steps") or settings.get("warmup_ratio"):
        return "A warm-up lets the learning rate climb from 0 first; here it starts at the top."
    if kind == "cosine_with_restarts":
        return (
            "With restarts the learning rate jumps back to the top at each new cycle; here it falls once, to the end."
        )
    if kind == "cosine" and isinstance(cycles, (int, float)):
        return (
            "num_cycles counts whole waves, down and up again: half a wave, which is the default, falls once from the "
            "top to 0."
        )
    if kind == "linear":
        return "linear is the default: the learning rate falls along a straight line."
    if kind in ("cosine_with_min_lr", "cosine_warmup_with_min_lr"):
        return "This cosine ends above 0, at a smallest rate of its own; the plain one falls to 0."
    if kind in ("constant", "constant_with_warmup"):
        return "constant keeps the learning rate where it starts; here it falls."
    if kind in ("polynomial", "inverse_sqrt", "reduce_lr_on_plateau", "warmup_stable_decay", "greedy"):
        return f"{kind} is another of the library's schedules, with a curve of its own."
    return ""


ASKED_OF: dict[str, dict[str, object]] = {
    "mixed_precision": {"fp16": True, "bf16": True},
    "effective_batch_of_16": {"per_device_train_batch_size": 4, "gradient_accumulation_steps": 4},
    "cosine_schedule": {"learning_rate": PEAK, "lr_scheduler_type": "cosine"},
}


def why_more(function: str, found: Collection[Change], shared_with: Collection[str]) -> str:
    """What a student seems to think whose function changes more of the training than it is asked to."""
    names = {change.name for change in found}
    if shared_with:
        others = " and ".join([", ".join([function, *list(shared_with)[:-1]]), list(shared_with)[-1]])
        return (
            f"{others} return one and the same object, so each sets what it sets for all of them. Make new arguments "
            "in each call."
        )
    for other, asked in ASKED_OF.items():
        if other != function and found and all(asked.get(change.name) == change.came for change in found):
            return (
                f"That is what {other} is for. Each of the five functions changes one thing, so that two trainings "
                "can be compared and the difference has one cause."
            )
    if function == "effective_batch_of_16" and names == {"learning_rate"}:
        return (
            "To raise the learning rate along with the batch is a rule of thumb, and a decision of its own: here only "
            "the batch changes."
        )
    if names & {"weight_decay", "num_train_epochs", "max_steps", "learning_rate", "fp16", *BATCH, *SCHEDULE}:
        return (
            "These may be good settings, from a recipe that worked for somebody. But a training that differs in "
            "several things does not tell which of them made the difference."
        )
    return ""
