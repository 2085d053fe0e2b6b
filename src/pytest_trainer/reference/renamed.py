"""Names that the libraries no longer have: since when, and what stands in their place.

Tutorials keep them alive for years; a student who copies one meets an exception that does not say what to do. Here is
what to say. tests/reference/test_renamed.py holds every entry against the installed versions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Renamed:
    """One name that is gone.

    `owner` is where it was: "TrainingArguments" or "Trainer" (a parameter), "tokenizer" (a method), "transformers" or
    "datasets" (something to import). `gone` is the first release of the library without it. `replacement`, where there
    is one of the same owner, is its name today; `advice` is a sentence to a student.
    """

    owner: str
    name: str
    gone: str
    replacement: str = ""
    advice: str = ""

    @property
    def library(self) -> str:
        """The library whose release `gone` is."""
        return "datasets" if self.owner == "datasets" else "transformers"

    @property
    def sentence(self) -> str:
        """What a student reads."""
        kind = {"TrainingArguments": "argument", "Trainer": "argument", "tokenizer": "method"}.get(self.owner, "name")
        owner = {"tokenizer": "a tokenizer"}.get(self.owner, self.owner)
        gone = f"{self.library} {self.gone} took the {kind} `{self.name}` from {owner}"
        advice = self.advice or f"it is called `{self.replacement}` today."
        return f"{gone}: {advice}"


ARGUMENTS, TRAINER, TOKENIZER = "TrainingArguments", "Trainer", "tokenizer"
CALL_IT = "call the tokenizer itself, as in tokenizer(first, second)."
ALWAYS_SAFE = "models are always saved as safetensors; leave it out."
LEAVE_OUT = "leave it out."

RENAMED = (
    Renamed(ARGUMENTS, "evaluation_strategy", "4.51", "eval_strategy"),
    Renamed(ARGUMENTS, "no_cuda", "5.0", "use_cpu"),
    Renamed(
        ARGUMENTS,
        "warmup_ratio",
        "5.15",
        "warmup_steps",
        "`warmup_steps` takes its place, and a value below 1 is a share of all steps.",
    ),
    Renamed(
        ARGUMENTS,
        "logging_dir",
        "5.15",
        advice="leave it out; for TensorBoard, the environment variable TENSORBOARD_LOGGING_DIR says where.",
    ),
    Renamed(ARGUMENTS, "overwrite_output_dir", "5.0", advice="the folder is always written to; leave it out."),
    Renamed(
        ARGUMENTS,
        "group_by_length",
        "5.2",
        "train_sampling_strategy",
        'say train_sampling_strategy="group_by_length".',
    ),
    Renamed(ARGUMENTS, "per_gpu_train_batch_size", "5.0", "per_device_train_batch_size"),
    Renamed(ARGUMENTS, "per_gpu_eval_batch_size", "5.0", "per_device_eval_batch_size"),
    Renamed(
        ARGUMENTS, "include_inputs_for_metrics", "5.0", "include_for_metrics", 'say include_for_metrics=["inputs"].'
    ),
    Renamed(ARGUMENTS, "save_safetensors", "5.0", advice=ALWAYS_SAFE),
    Renamed(ARGUMENTS, "adafactor", "5.0", "optim", 'say optim="adafactor".'),
    Renamed(ARGUMENTS, "fp16_backend", "5.0", advice=LEAVE_OUT),
    Renamed(ARGUMENTS, "fp16_opt_level", "5.0", advice=LEAVE_OUT),
    Renamed(ARGUMENTS, "half_precision_backend", "5.0", advice=LEAVE_OUT),
    Renamed(ARGUMENTS, "use_mps_device", "5.0", advice="a Mac's GPU is used where there is one; leave it out."),
    Renamed(ARGUMENTS, "push_to_hub_token", "5.0", "hub_token"),
    Renamed(ARGUMENTS, "push_to_hub_model_id", "5.0", "hub_model_id"),
    Renamed(ARGUMENTS, "push_to_hub_organization", "5.0", "hub_model_id", 'say hub_model_id="organization/name".'),
    Renamed(ARGUMENTS, "include_tokens_per_second", "5.0", "include_num_input_tokens_seen"),
    Renamed(ARGUMENTS, "jit_mode_eval", "5.0", advice=LEAVE_OUT),
    Renamed(ARGUMENTS, "use_ipex", "4.57", advice=LEAVE_OUT),
    Renamed(TRAINER, "tokenizer", "5.0", "processing_class"),
    Renamed(TOKENIZER, "batch_encode_plus", "5.0", advice=CALL_IT),
    Renamed(TOKENIZER, "encode_plus", "5.0", advice=CALL_IT),
    Renamed(TOKENIZER, "prepare_for_model", "5.0", advice=CALL_IT),
    Renamed(TOKENIZER, "build_inputs_with_special_tokens", "5.0", advice=CALL_IT),
    Renamed(TOKENIZER, "create_token_type_ids_from_sequences", "5.0", advice=CALL_IT),
    Renamed(TOKENIZER, "truncate_sequences", "5.0", advice="call the tokenizer itself, with truncation=True."),
    Renamed("transformers", "AdamW", "4.50", advice="the Trainer makes its own optimiser; by hand, torch.optim.AdamW."),
    Renamed(
        "transformers",
        "glue_compute_metrics",
        "5.20",
        advice='evaluate.load("glue", "mrpc") computes the same numbers.',
    ),
    Renamed(
        "transformers",
        "TFAutoModelForSequenceClassification",
        "5.0",
        "AutoModelForSequenceClassification",
        "TensorFlow is no longer supported; AutoModelForSequenceClassification is PyTorch's.",
    ),
    Renamed(
        "transformers",
        "EvaluationStrategy",
        "5.0",
        advice='"no", "steps" and "epoch" are plain strings in eval_strategy.',
    ),
    Renamed(
        "datasets", "load_metric", "3.0", advice='metrics moved to the library Evaluate: evaluate.load("glue", "mrpc").'
    ),
    Renamed(
        "datasets",
        "list_metrics",
        "3.0",
        advice="metrics moved to the library Evaluate: evaluate.list_evaluation_modules().",
    ),
)

_UNEXPECTED = re.compile(r"(\w+)\.\w+\(\) got an unexpected keyword argument '(\w+)'")
_NO_IMPORT = re.compile(r"cannot import name '(\w+)' from '(transformers|datasets)[.\w]*'")
_NO_MODULE_ATTRIBUTE = re.compile(r"module '?(transformers|datasets)[.\w]*'? has no attribute '?(\w+)")
_NO_ATTRIBUTE = re.compile(r"'?(\w+)'?(?: object)? has no attribute '?(\w+)")

A_COLUMN = (
    'Since datasets 4, a column of a data set such as dataset["sentence1"] is a Column, which reads its rows one by '
    "one; where a list is wanted, make one: list(column), or column[:]."
)
TEXT_WANTED = "A tokenizer takes a str or a list of str. " + A_COLUMN
_COLUMN = re.compile(r"""['"]Column['"]|\bof type Column\b|\bColumn found\b""")
_TEXT_WANTED = re.compile(r"text input must be of type `str`")


def explanation(message: str) -> str:
    """What to say to a student whose code raised this, where it used a name that is gone; else an empty string."""
    head = message.partition("\n")[0]
    if _COLUMN.search(head):
        return A_COLUMN
    if _TEXT_WANTED.search(head):
        return TEXT_WANTED
    for owner, name in _named(head):
        for renamed in RENAMED:
            if (renamed.owner, renamed.name) == (owner, name):
                return renamed.sentence
    return ""


def _named(message: str) -> list[tuple[str, str]]:
    """(owner, name) of what an exception's message says is not there."""
    found = [(_owner(match[1]), match[2]) for match in _UNEXPECTED.finditer(message)]
    found += [(match[2], match[1]) for match in _NO_IMPORT.finditer(message)]
    found += [(match[1], match[2]) for match in _NO_MODULE_ATTRIBUTE.finditer(message)]
    found += [(_owner(match[1]), match[2]) for match in _NO_ATTRIBUTE.finditer(message)]
    return found


def _owner(kind: str) -> str:
    """The owner that a class is, or is a subclass of by its name."""
    if "Tokenizer" in kind:
        return TOKENIZER
    return next((owner for owner in (ARGUMENTS, TRAINER) if kind.endswith(owner)), kind)
