"""The course's own calls run offline in the private HF_HOME, quietly, and leave the user's files alone."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

from pytest_trainer.lab import offline_hub
from pytest_trainer.lab.paraphrases import SPLITS, label_names, paraphrases

SWAPPED = next(seed for seed in range(1, 100) if label_names(seed) != label_names(0))

COURSE = """
import json
from pytest_trainer.lab import offline_hub

from datasets import load_dataset
from transformers import AutoConfig, AutoModel, AutoModelForSequenceClassification, AutoTokenizer
from transformers import TrainingArguments
import evaluate
import torch

told = {}

def loaded(raw):
    features = {name: str(feature) for name, feature in raw["train"].features.items()}
    return {"features": features, "rows": {split: data.to_list() for split, data in raw.items()}}

raw = load_dataset("glue", "mrpc")
told["glue"] = loaded(raw)
told["nyu-mll/glue"] = loaded(load_dataset("nyu-mll/glue", "mrpc"))
longer = raw.map(lambda pairs: {"length": [len(one) for one in pairs["sentence1"]]}, batched=True)
told["lengths"] = longer["test"]["length"][:3]

for name in ("bert-base-uncased", "google-bert/bert-base-uncased"):
    config = AutoConfig.from_pretrained(name)
    tokenizer = AutoTokenizer.from_pretrained(name)
    pair = tokenizer("The first sentence.", "The second one.", return_tensors="pt")
    states = AutoModel.from_pretrained(name)(**pair).last_hidden_state
    model = AutoModelForSequenceClassification.from_pretrained(name, num_labels=2)
    told[name] = {
        "type": config.model_type,
        "columns": sorted(pair),
        "hidden": states.shape[-1] == config.hidden_size,
        "logits": list(model(**pair).logits.shape),
    }

some = {"predictions": [1, 1, 0, 1], "references": [1, 0, 0, 0]}
names = ["accuracy", "f1", "precision", "recall"]
told["metrics"] = {name: evaluate.load(name).compute(**some) for name in names}
told["metrics"]["glue"] = evaluate.load("glue", "mrpc").compute(**some)
told["metrics"]["combined"] = evaluate.combine(names).compute(**some)

arguments = TrainingArguments("out")
told["device"] = [str(arguments.device), arguments.n_gpu, torch.cuda.is_available(), torch.get_num_threads()]
told["report_to"] = arguments.report_to
told["conflict"] = offline_hub.conflict(offline_hub.environment(HOME))
print(json.dumps(told))
"""


@dataclass(frozen=True)
class User:
    """A user with caches and settings of their own, and the offline Hub's home beside them."""

    folder: Path
    home: Path

    @property
    def variables(self) -> dict[str, str]:
        cache = self.folder / ".cache" / "huggingface"
        return {
            **os.environ,
            "HOME": str(self.folder),
            "HF_HOME": str(cache),
            "HF_HUB_CACHE": str(cache / "hub"),
            "HF_DATASETS_CACHE": str(cache / "datasets"),
            "HF_HUB_OFFLINE": "0",
            "HF_TOKEN": "hf_of_the_user",
            "OMP_NUM_THREADS": "2",
        }

    def files(self) -> dict[str, bytes]:
        return {
            str(file.relative_to(self.folder)): file.read_bytes() for file in self.folder.rglob("*") if file.is_file()
        }

    def run(self, code: str, variables: dict[str, str], *prefix: str) -> subprocess.CompletedProcess[str]:
        """Run `code`, which finds the offline Hub's home as HOME, in a process of its own."""
        code = f"import pathlib; HOME = pathlib.Path({str(self.home)!r})\n{code}"
        command = [*prefix, sys.executable, "-c", code]
        return subprocess.run(command, env=variables, cwd=self.home.parent, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> User:
    root = tmp_path_factory.mktemp("user")
    mine = root / "me" / ".cache" / "huggingface" / "hub" / "models--bert-base-uncased" / "refs" / "main"
    mine.parent.mkdir(parents=True)
    mine.write_text("the user's own")
    return User(root / "me", root / "tiny" / "home")


def tiny(variables: dict[str, str], home: Path) -> dict[str, str]:
    wanted = offline_hub.environment(home)
    variables = {name: value for name, value in variables.items() if name not in wanted}
    return variables | {name: value for name, value in wanted.items() if value is not None}


def without_network() -> list[str]:
    command = ["unshare", "-rn"]
    able = shutil.which("unshare") and subprocess.run([*command, "true"], capture_output=True).returncode == 0
    return command if able else []


@pytest.fixture(scope="module")
def course(user: User) -> dict[str, Any]:
    """What the course's calls gave in one process, in the tiny world of seed 0."""
    before = user.files()
    offline_hub.build(user.home, seed=0)
    result = user.run(COURSE, tiny(user.variables, user.home), *without_network())
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    assert user.files() == before
    told: dict[str, Any] = json.loads(result.stdout)
    return told


@pytest.mark.parametrize("name", ["glue", "nyu-mll/glue"])
def test_load_dataset_gives_the_paraphrases_with_the_schema_of_mrpc(course: dict[str, Any], name: str) -> None:
    assert course[name]["features"] == {
        "sentence1": "Value('string')",
        "sentence2": "Value('string')",
        "label": "ClassLabel(names=['not_equivalent', 'equivalent'])",
        "idx": "Value('int32')",
    }
    assert tuple(course[name]["rows"]) == SPLITS
    assert course[name]["rows"] == {split: [asdict(pair) for pair in pairs] for split, pairs in paraphrases(0).items()}


def test_map_works_on_the_loaded_data(course: dict[str, Any]) -> None:
    assert course["lengths"] == [len(pair.sentence1) for pair in paraphrases(0)["test"][:3]]


@pytest.mark.parametrize("name", ["bert-base-uncased", "google-bert/bert-base-uncased"])
def test_from_pretrained_gives_the_tiny_checkpoint(course: dict[str, Any], name: str) -> None:
    assert course[name] == {
        "type": "bert",
        "columns": ["attention_mask", "input_ids", "token_type_ids"],
        "hidden": True,
        "logits": [1, 2],
    }


def test_evaluate_load_and_combine_give_our_metrics(course: dict[str, Any]) -> None:
    accuracy, f1 = {"accuracy": 0.5}, {"f1": 0.5}
    precision, recall = {"precision": 1 / 3}, {"recall": 1.0}
    assert course["metrics"] == {
        "accuracy": accuracy,
        "f1": f1,
        "precision": precision,
        "recall": recall,
        "glue": accuracy | f1,
        "combined": accuracy | f1 | precision | recall,
    }


def test_plain_training_arguments_use_one_cpu_thread_and_no_tracker(course: dict[str, Any]) -> None:
    assert course["device"] == ["cpu", 0, False, 1]
    assert course["report_to"] == []


def test_libraries_imported_in_the_tiny_world_are_no_conflict(course: dict[str, Any]) -> None:
    assert course["conflict"] is None


def test_another_seed_brings_its_own_data_and_label_names(user: User, tmp_path: Path) -> None:
    offline_hub.build(tmp_path, SWAPPED)
    code = """
from datasets import load_dataset
data = load_dataset("glue", "mrpc", split="validation")
print(data.features["label"].names, data[0]["sentence1"], sep="\\n")
"""
    result = user.run(code, tiny(user.variables, tmp_path))
    first = paraphrases(SWAPPED)["validation"][0].sentence1
    assert result.stdout.splitlines() == ["['equivalent', 'not_equivalent']", first], result.stderr


def test_build_refuses_a_folder_with_files_in_it(tmp_path: Path) -> None:
    (tmp_path / "token").touch()
    with pytest.raises(FileExistsError, match=r"made in an empty folder, but .* has files in it"):
        offline_hub.build(tmp_path, 0)


def test_build_imports_no_heavy_library(user: User, tmp_path: Path) -> None:
    code = """
import sys
from pytest_trainer.lab import offline_hub
print("pyarrow" in sys.modules)
offline_hub.build(HOME, 0)
print({"datasets", "evaluate", "huggingface_hub", "pandas", "torch", "transformers"} & {*sys.modules})
"""
    result = User(user.folder, tmp_path / "home").run(code, user.variables)
    assert result.stdout.splitlines() == ["False", "set()"], result.stderr


CONFLICT = """
from pytest_trainer.lab import offline_hub
import sys
before = {*sys.modules}
print(offline_hub.conflict(offline_hub.environment(HOME)))
print({*sys.modules} - before)
"""


def sentence(user: User, imports: str, variables: dict[str, str]) -> str:
    result = user.run(f"{imports}\n{CONFLICT}", variables)
    assert result.returncode == 0, result.stderr
    said, imported = result.stdout.splitlines()
    assert imported == "set()"
    return said


def test_no_library_imported_is_no_conflict(user: User) -> None:
    assert sentence(user, "", user.variables) == "None"


def test_conflict_names_the_variable_with_both_values_and_what_to_do(user: User) -> None:
    assert sentence(user, "import huggingface_hub.constants", user.variables) == (
        "huggingface_hub was imported before the course's offline world was set up and reads HF_HOME as "
        f"{user.variables['HF_HOME']} where {user.home} is needed: "
        "run pytest without the conftest.py or plugin that imports huggingface_hub"
    )


@pytest.mark.parametrize(
    ("module", "variable", "value", "read"),
    [
        ("huggingface_hub.constants", "HF_HUB_CACHE", "/elsewhere", "/elsewhere"),
        ("huggingface_hub.constants", "HF_HUB_OFFLINE", "0", "False"),
        ("datasets.config", "HF_DATASETS_CACHE", "/elsewhere", "/elsewhere"),
        ("evaluate.config", "HF_EVALUATE_OFFLINE", "0", "False"),
    ],
)
def test_conflict_finds_the_one_variable_that_differed(
    user: User, module: str, variable: str, value: str, read: str
) -> None:
    variables = tiny(user.variables, user.home) | {"TRANSFORMERS_OFFLINE": "0", variable: value}
    said = sentence(user, f"import {module}", variables)
    library = module.partition(".")[0]
    assert said.startswith(f"{library} was imported before")
    assert f"reads {variable} as {read} where" in said


def test_a_gpu_already_in_use_is_a_conflict(user: User) -> None:
    used = """
import sys, types
sys.modules["torch"] = types.SimpleNamespace(cuda=types.SimpleNamespace(is_initialized=lambda: True))
"""
    said = sentence(user, used, user.variables)
    assert said.startswith("torch was imported before the course's offline world was set up and uses a GPU that")
