"""A private HF_HOME in which the course's own calls run offline, and the environment of the tiny world.

`load_dataset("glue", "mrpc")`, `from_pretrained("bert-base-uncased")` and `evaluate.load("glue", "mrpc")`
find our stand-ins there: the synthetic paraphrases, the tiny checkpoint, the metric scripts beside this file.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from pytest_trainer.lab.paraphrases import Pair

CHECKPOINT = Path(__file__).parent / "checkpoint"
METRIC_SCRIPTS = Path(__file__).parent / "metric_scripts"

MODELS = ("bert-base-uncased", "google-bert/bert-base-uncased")
DATASETS = ("glue", "nyu-mll/glue")
DATASET_CONFIG = "mrpc"
METRICS = ("accuracy", "f1", "glue", "precision", "recall")

# The libraries look for some commit in their caches and never check which.
_REVISION = "0" * 40

_SET = {
    # Nothing leaves this machine. Evaluate and Datasets each have a switch of their own.
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_EVALUATE_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "HF_UPDATE_DOWNLOAD_COUNTS": "0",
    # In transformers 4 a Trainer reports to every tracker that is installed.
    "WANDB_DISABLED": "true",
    "WANDB_MODE": "disabled",
    "COMET_MODE": "disabled",
    "DISABLE_MLFLOW_INTEGRATION": "TRUE",
    "CLEARML_OFFLINE_MODE": "1",
    "NEPTUNE_MODE": "debug",
    "SWANLAB_MODE": "disabled",
    # Quiet: a student's terminal belongs to the checks.
    "TRANSFORMERS_VERBOSITY": "error",
    "DATASETS_VERBOSITY": "error",
    "EVALUATE_VERBOSITY": "error",
    "HF_HUB_VERBOSITY": "error",
    "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TRANSFORMERS_NO_ADVISORY_WARNINGS": "1",
    # One thread: with two, sums are added in another order, and numbers are no longer the same everywhere.
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    # No GPU: hidden from torch, and from an Accelerator that would look for other accelerators.
    "CUDA_VISIBLE_DEVICES": "",
    "HIP_VISIBLE_DEVICES": "",
    "ACCELERATE_USE_CPU": "true",
}

_UNSET = (
    # Each would overrule HF_HOME, or add a folder of the user's to it.
    "HF_ASSETS_CACHE",
    "HF_DATASETS_CACHE",
    "HF_DATASETS_DOWNLOADED_DATASETS_PATH",
    "HF_DATASETS_DOWNLOADED_EVALUATE_PATH",
    "HF_DATASETS_EXTRACTED_DATASETS_PATH",
    "HF_DATASETS_EXTRACTED_EVALUATE_PATH",
    "HF_EVALUATE_CACHE",
    "HF_HUB_CACHE",
    "HF_METRICS_CACHE",
    "HF_MODULES_CACHE",
    "HF_XET_CACHE",
    "HUGGINGFACE_ASSETS_CACHE",
    "HUGGINGFACE_CO_STAGING",
    "HUGGINGFACE_HUB_CACHE",
    "PYTORCH_PRETRAINED_BERT_CACHE",
    "PYTORCH_TRANSFORMERS_CACHE",
    "TRANSFORMERS_CACHE",
    # Each would log in as the user, talk to another server, or print.
    "HF_DEBUG",
    "HF_ENDPOINT",
    "HF_HUB_ENABLE_HF_TRANSFER",
    "HF_TOKEN",
    "HF_TOKEN_PATH",
    "HUGGING_FACE_HUB_TOKEN",
    # Each would make the Trainer one of several processes, or give it settings that are not the student's.
    "ACCELERATE_DYNAMO_BACKEND",
    "ACCELERATE_GRADIENT_ACCUMULATION_STEPS",
    "ACCELERATE_MIXED_PRECISION",
    "ACCELERATE_TORCH_DEVICE",
    "ACCELERATE_USE_DEEPSPEED",
    "ACCELERATE_USE_FSDP",
    "LOCAL_RANK",
    "MV2_COMM_WORLD_SIZE",
    "OMPI_COMM_WORLD_SIZE",
    "PMI_SIZE",
    "RANK",
    "USE_JAX",
    "USE_TF",
    "USE_TORCH",
    "WORLD_SIZE",
)

# What each library keeps from the environment when it is imported: variable, module, attribute, and what the
# attribute is in the tiny world (True, or a folder below HF_HOME).
_READ_AT_IMPORT: tuple[tuple[str, str, str, bool | str], ...] = (
    ("HF_HOME", "huggingface_hub.constants", "HF_HOME", ""),
    ("HF_HUB_CACHE", "huggingface_hub.constants", "HF_HUB_CACHE", "hub"),
    ("HF_HUB_OFFLINE", "huggingface_hub.constants", "HF_HUB_OFFLINE", True),
    ("TRANSFORMERS_CACHE", "transformers.utils.hub", "TRANSFORMERS_CACHE", "hub"),
    ("HF_HOME", "datasets.config", "HF_CACHE_HOME", ""),
    ("HF_DATASETS_CACHE", "datasets.config", "HF_DATASETS_CACHE", "datasets"),
    ("HF_DATASETS_OFFLINE", "datasets.config", "HF_HUB_OFFLINE", True),
    ("HF_HOME", "evaluate.config", "HF_CACHE_HOME", ""),
    ("HF_MODULES_CACHE", "evaluate.config", "HF_MODULES_CACHE", "modules"),
    ("HF_METRICS_CACHE", "evaluate.config", "HF_METRICS_CACHE", "metrics"),
    ("HF_EVALUATE_OFFLINE", "evaluate.config", "HF_EVALUATE_OFFLINE", True),
)


def build(home: Path, seed: int) -> None:
    """Make a private HF_HOME: the tiny checkpoint, the paraphrases of `seed`, and our metric scripts.

    `home` is made, or must be empty (FileExistsError): `Dataset.map` keeps its results under names that do
    not tell the data of two seeds apart. The libraries write there (`map`, metrics, locks, bytecode): give
    each session its own. About 3 MB.
    """
    from pytest_trainer.lab.paraphrases import label_names, paraphrases

    home.mkdir(parents=True, exist_ok=True)
    if any(home.iterdir()):
        raise FileExistsError(f"an offline Hub is made in an empty folder, but {home} has files in it")
    for name in MODELS:
        _add_model(home / "hub" / f"models--{name.replace('/', '--')}")
    tables = {split: _table(pairs) for split, pairs in paraphrases(seed).items()}
    for name in DATASETS:
        _add_dataset(home / "datasets" / name.replace("/", "___"), tables, label_names(seed))
    _add_metrics(home / "modules" / "evaluate_modules" / "metrics")


def environment(home: Path) -> dict[str, str | None]:
    """Every variable of the tiny world whose HF_HOME is `home`: its value, or None where it must be unset.

    To be set before huggingface_hub, transformers, datasets, evaluate or torch is imported: that is
    when they read it.
    """
    return {"HF_HOME": str(home.absolute()), **_SET, **dict.fromkeys(_UNSET)}


def conflict(environment: Mapping[str, str | None]) -> str | None:
    """One sentence on the first library that was imported in this process under another environment, or None.

    Only looks at what is already imported, and imports nothing.
    """
    home = Path(environment["HF_HOME"] or "")
    for variable, module, attribute, wanted in _READ_AT_IMPORT:
        found = getattr(sys.modules.get(module), attribute, None)
        needed = str(home / wanted) if isinstance(wanted, str) else wanted
        if found is not None and str(found) != str(needed):
            library = module.partition(".")[0]
            return _imported_too_early(library, f"reads {variable} as {found} where {needed} is needed")
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        return _imported_too_early("torch", "uses a GPU that CUDA_VISIBLE_DEVICES='' can no longer hide")
    return None


def _imported_too_early(library: str, symptom: str) -> str:
    return (
        f"{library} was imported before the course's offline world was set up and {symptom}: "
        f"run pytest without the conftest.py or plugin that imports {library}"
    )


def _add_model(repository: Path) -> None:
    reference = repository / "refs" / "main"
    reference.parent.mkdir(parents=True)
    reference.write_text(_REVISION)
    shutil.copytree(CHECKPOINT, repository / "snapshots" / _REVISION)


def _table(pairs: list[Pair]) -> pa.Table:
    # By way of JSON, because pa.array(a list) imports pandas, which takes longer than all the rest.
    import pyarrow as pa
    from pyarrow import json as arrow_json

    schema = pa.schema(
        [("sentence1", pa.string()), ("sentence2", pa.string()), ("label", pa.int64()), ("idx", pa.int32())]
    )
    lines = "\n".join(json.dumps(asdict(pair)) for pair in pairs)
    return arrow_json.read_json(
        pa.BufferReader(lines.encode()),
        read_options=arrow_json.ReadOptions(use_threads=False),
        parse_options=arrow_json.ParseOptions(explicit_schema=schema),
    )


def _add_dataset(folder: Path, tables: Mapping[str, pa.Table], names: tuple[str, str]) -> None:
    from pyarrow import ipc

    version = folder / DATASET_CONFIG / "0.0.0" / _REVISION
    version.mkdir(parents=True)
    for split, table in tables.items():
        with ipc.new_stream(version / f"glue-{split}.arrow", table.schema) as stream:
            stream.write_table(table)
    (version / "dataset_info.json").write_text(json.dumps(_dataset_info(tables, names)))


def _dataset_info(tables: Mapping[str, pa.Table], names: tuple[str, str]) -> dict[str, Any]:
    """What `datasets` itself writes beside the Arrow files that it made from GLUE's Parquet files."""
    splits = {
        split: {"name": split, "num_bytes": table.nbytes, "num_examples": len(table), "dataset_name": "glue"}
        for split, table in tables.items()
    }
    return {
        "builder_name": "parquet",
        "dataset_name": "glue",
        "config_name": DATASET_CONFIG,
        "version": {"version_str": "0.0.0", "major": 0, "minor": 0, "patch": 0},
        "features": {
            "sentence1": {"dtype": "string", "_type": "Value"},
            "sentence2": {"dtype": "string", "_type": "Value"},
            "label": {"names": list(names), "_type": "ClassLabel"},
            "idx": {"dtype": "int32", "_type": "Value"},
        },
        "splits": splits,
        "dataset_size": sum(split["num_bytes"] for split in splits.values()),
    }


def _add_metrics(folder: Path) -> None:
    for name in METRICS:
        script = METRIC_SCRIPTS / f"{name}.py"
        # Evaluate takes a folder for a version of the metric if its name is as long as this digest.
        version = folder / f"evaluate-metric--{name}" / hashlib.sha256(script.read_bytes()).hexdigest()
        version.mkdir(parents=True)
        shutil.copy(script, version)
        for package in (version, version.parent):
            (package / "__init__.py").touch()
    for package in (folder, folder.parent):
        (package / "__init__.py").touch()
