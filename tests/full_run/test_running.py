"""Full runs as a user starts them, on a small stand-in of MRPC: reported, resumed, refused in one sentence."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from transformers import AutoModelForSequenceClassification, AutoTokenizer, Trainer, TrainingArguments

from full_run.loopback_hub import serving
from pytest_trainer.lab.offline_hub import CHECKPOINT
from pytest_trainer.lab.paraphrases import dataset_dict

ROOT = Path(__file__).parents[2]
EXERCISE = ROOT / "exercises" / "05_training_run"
SOLUTION = ROOT / "solutions" / "05_training_run" / "training_run.py"
ROWS = {"train": 160, "validation": 60, "test": 4}
STEPS = 30
SECONDS = 300


@dataclass(frozen=True)
class Place:
    """A folder from which full runs are started, with the data and a checkpoint beside it."""

    folder: Path

    def command(self, *more: str, submission: Path = ROOT / "solutions") -> list[str]:
        """pytest's command line for a full run of exercise 05 on the CPU."""
        return [
            *(sys.executable, "-m", "pytest", str(EXERCISE), f"--submission={submission}", "-m", "gpu"),
            *("--trainer-device=cpu", "--trainer-checkpoint=tuned", "--trainer-data=data"),
            *("-p", "no:cacheprovider", "-p", "no:randomly", "--gradebook=grades.json", *more),
        ]

    def environment(self) -> dict[str, str]:
        """One thread, so that two runs have the same numbers, and nothing of the user's."""
        return {**os.environ, "OMP_NUM_THREADS": "1", "HF_HOME": str(self.folder / "hf"), "HF_HUB_OFFLINE": "1"}

    def run(
        self, *more: str, submission: Path = ROOT / "solutions", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        online = {"HF_HUB_OFFLINE": "0", "HF_TOKEN": "none"} if environment else {}
        return subprocess.run(
            self.command(*more, submission=submission),
            cwd=self.folder,
            env={**self.environment(), **online, **environment},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def start(self) -> subprocess.Popen[bytes]:
        """Start it and do not wait."""
        return subprocess.Popen(
            self.command(),
            cwd=self.folder,
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # A test runner's children may be deaf to Ctrl-C; these are not.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )

    def report(self, name: str = "tuned-seed-0") -> dict[str, Any]:
        """The report of a run."""
        return json.loads((self.folder / "runs" / name / "report.json").read_text(encoding="utf-8"))

    def check(self) -> dict[str, Any]:
        """The gradebook's only check."""
        book = json.loads((self.folder / "grades.json").read_text(encoding="utf-8"))
        [check] = [check for exercise in book["exercises"] for check in exercise["checks"]]
        return check


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of parquet files with MRPC's schema."""
    folder = tmp_path_factory.mktemp("data")
    for split, rows in dataset_dict(0, ROWS).items():
        rows.to_parquet(folder / f"{split}.parquet")
    return folder


@pytest.fixture(scope="session")
def tuned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny checkpoint, tuned beforehand, so that the few steps of a full run on so few rows end well."""
    folder = tmp_path_factory.mktemp("checkpoint") / "tuned"
    shutil.copytree(CHECKPOINT, folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    pairs = dataset_dict(0, {"train": 256, "validation": 2, "test": 2})["train"]
    data = pairs.map(lambda rows: tokenizer(rows["sentence1"], rows["sentence2"]), batched=True)
    trainer = Trainer(
        AutoModelForSequenceClassification.from_pretrained(folder, num_labels=2),
        TrainingArguments(
            str(folder.parent / "output"),
            learning_rate=1e-3,
            num_train_epochs=2,
            per_device_train_batch_size=16,
            report_to="none",
            save_strategy="no",
            use_cpu=True,
        ),
        train_dataset=data,
        processing_class=tokenizer,
    )
    trainer.train()
    trainer.model.save_pretrained(folder)
    return folder


@pytest.fixture
def new_place(tmp_path_factory: pytest.TempPathFactory, data: Path, tuned: Path):
    """Makes a folder with data and checkpoint at every call."""

    def new() -> Place:
        folder = tmp_path_factory.mktemp("place")
        (folder / "data").symlink_to(data)
        (folder / "tuned").symlink_to(tuned)
        return Place(folder)

    return new


@pytest.fixture
def place(new_place) -> Place:
    """A folder with data and checkpoint."""
    return new_place()


def numbers(run: dict[str, Any]) -> dict[str, Any]:
    """What must be the same in two runs: all but the clock."""
    clock = ("seconds", "tokens_per_second", "resumed_at", "peak_memory")
    timeless = {name: value for name, value in run.items() if name not in clock}
    for events in ("log", "evaluations"):
        timeless[events] = [{n: v for n, v in event.items() if n != "seconds"} for event in run[events]]
    return timeless


def wait_for_checkpoint(place: Place, process: subprocess.Popen[bytes]) -> None:
    """Wait until the Trainer has written a checkpoint, and the training is not over."""
    deadline = time.monotonic() + SECONDS
    while not list(place.folder.glob("runs/*/seed-42/checkpoint-*/trainer_state.json")):
        assert process.poll() is None, "the run ended before it wrote a checkpoint"
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_full_run_is_shown_judged_and_reported(place: Place) -> None:
    done = place.run()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "step 30/30  evaluated  epoch 3.00" in done.stdout
    assert "60 validation pairs: accuracy" in done.stdout
    assert "always answering 'equivalent'" in " ".join(done.stdout.split())
    assert "The full run holds." in done.stdout
    assert "Report: runs/tuned-seed-0/report.html" in done.stdout
    report = place.report()
    [run] = report["runs"]
    assert run["steps"] == STEPS
    assert len(run["evaluations"]) == 3
    assert run["evaluations"][-1]["eval_accuracy"] == pytest.approx(run["accuracy"])
    assert run["tokens_per_second"] > 0
    assert sum(map(sum, run["confusion"])) == 60
    folder = place.folder / "runs" / "tuned-seed-0"
    assert (folder / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert "<html" in (folder / "report.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in (folder / "seed-42").iterdir()) == ["events.jsonl", "finished.json", "trained"]


@pytest.mark.long
def test_a_killed_run_resumes_and_ends_with_the_same_numbers(place: Place, new_place) -> None:
    whole = new_place()
    assert whole.run().returncode == 0
    process = place.start()
    wait_for_checkpoint(place, process)
    process.kill()
    process.wait()
    done = place.run("--trainer-resume")
    assert done.returncode == 0, done.stdout + done.stderr
    [resumed], [uninterrupted] = place.report()["runs"], whole.report()["runs"]
    assert resumed["resumed_at"]
    assert 0 < resumed["resumed_at"][0] < STEPS
    assert numbers(resumed) == numbers(uninterrupted)
    again = place.run("--trainer-resume")
    assert again.returncode == pytest.ExitCode.USAGE_ERROR
    assert "runs/ has no unfinished run tuned-seed-0; leave out --trainer-resume to start one." in again.stdout


@pytest.mark.long
def test_ctrl_c_keeps_the_run_and_says_how_to_go_on(place: Place) -> None:
    with (place.folder / "out").open("w") as out:
        process = subprocess.Popen(
            place.command(),
            cwd=place.folder,
            env=place.environment(),
            stdout=out,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        wait_for_checkpoint(place, process)
        process.send_signal(signal.SIGINT)
        process.wait(SECONDS)
    said = (place.folder / "out").read_text()
    assert "runs/tuned-seed-0 is kept; the same command with --trainer-resume goes on with it." in said
    assert process.returncode == pytest.ExitCode.INTERRUPTED
    assert place.check()["outcome"] == "not_run"


@pytest.mark.long
def test_repeats_have_seeds_of_their_own_and_a_worker_trains_as_well(place: Place) -> None:
    done = place.run("--trainer-repeats=2", "--trainer-isolation=process")
    assert done.returncode == 0, done.stdout + done.stderr
    report = place.report()
    assert [run["seed"] for run in report["runs"]] == [42, 43]
    assert report["accuracy"]["n"] == 2
    assert report["accuracy"]["sd"] is not None
    assert "mean of 2 seeds" in done.stdout
    first, second = report["runs"]
    assert numbers(first) != numbers(second)


@pytest.mark.long
@pytest.mark.parametrize("launcher", ["torch.distributed.run", "accelerate.commands.launch"])
def test_two_processes_train_together_and_grade_once(place: Place, launcher: str) -> None:
    two = {
        "torch.distributed.run": ["--nproc_per_node=2", "-m"],
        "accelerate.commands.launch": [
            *("--multi_gpu", "--num_processes=2", "--num_machines=1", "--mixed_precision=no", "--dynamo_backend=no"),
            "-m",
        ],
    }
    pytest_and_options = place.command()[2:]
    done = subprocess.run(
        [sys.executable, "-m", launcher, *two[launcher], *pytest_and_options],
        cwd=place.folder,
        env=place.environment(),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("The full run holds.") == 1
    assert done.stdout.count("test session starts") == 1
    report = place.report()
    assert report["device"]["processes"] == 2
    assert report["runs"][0]["steps"] == STEPS // 2
    assert place.check()["outcome"] == "passed"


@pytest.mark.long
def test_a_push_that_is_allowed_arrives(place: Place) -> None:
    source = SOLUTION.read_text(encoding="utf-8").replace(
        "    trainer.train()\n", "    trainer.train()\n    trainer.push_to_hub(commit_message='trained')\n"
    )
    (place.folder / "mine").mkdir()
    (place.folder / "mine" / SOLUTION.name).write_text(source, encoding="utf-8")
    with serving() as hub:
        done = place.run("--trainer-push", submission=place.folder / "mine", HF_ENDPOINT=hub.endpoint)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ("POST", "/api/repos/create") in hub.asked
    trained = place.folder / "runs" / "tuned-seed-0" / "seed-42" / "trained" / "model.safetensors"
    assert hub.files["model.safetensors"] == trained.read_bytes()
    assert {"config.json", "tokenizer.json", "README.md"} <= set(hub.files)


CHANGED = {
    "train_and_evaluate pushes": {"    trainer.train()\n": "    trainer.train()\n    trainer.push_to_hub()\n"},
    "the memory runs out": {"trainer.train()": "raise RuntimeError('CUDA out of memory. Tried to allocate 2.00 GiB')"},
    "the disk is full": {"trainer.train()": "raise OSError(28, 'No space left on device')"},
    "numbers made up": {"return trainer.evaluate()": "return trainer.evaluate() | {'eval_accuracy': 0.5}"},
    "three labels": {
        "num_labels=2": "num_labels=3, ignore_mismatched_sizes=True",
        "logits.argmax(axis=-1)": "logits[:, :2].argmax(axis=-1)",
    },
}
WANTED = {
    "train_and_evaluate pushes": ("failed", "a graded run pushes nothing: leave out push_to_hub"),
    "the memory runs out": ("error", "The device has no memory left for this checkpoint and batch"),
    "the disk is full": ("error", "The disk is full. A checkpoint needs some 12 bytes for each parameter"),
    "numbers made up": ("failed", "of the saved model"),
    "three labels": ("failed", "The trained model has 3 outputs, wanted 2, one per label."),
}


@pytest.mark.long
@pytest.mark.parametrize("change", CHANGED)
def test_what_goes_wrong_has_one_sentence(place: Place, change: str) -> None:
    source = SOLUTION.read_text(encoding="utf-8")
    for was, becomes in CHANGED[change].items():
        assert was in source
        source = source.replace(was, becomes)
    (place.folder / "mine").mkdir()
    (place.folder / "mine" / SOLUTION.name).write_text(source, encoding="utf-8")
    done = place.run(submission=place.folder / "mine")
    outcome, sentence = WANTED[change]
    check = place.check()
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert check["outcome"] == outcome, check
    assert sentence in check["message"] + check["diagnosis"]
    assert " ".join(sentence.split()[:5]) in " ".join(done.stdout.split())


def test_without_a_gpu_a_full_run_is_skipped_in_one_sentence(place: Place) -> None:
    torch = pytest.importorskip("torch")
    if torch.cuda.is_available():
        pytest.skip("is about a machine without a GPU")
    done = place.run("--trainer-device=auto", "-rs")
    assert "a full run needs a GPU, and torch sees none here; --trainer-device cpu runs it slowly" in done.stdout
    assert place.check()["outcome"] == "skipped"
    assert not (place.folder / "runs").exists()


def test_without_network_and_cache_the_sentence_says_what_to_pass(place: Place) -> None:
    done = place.run("--trainer-data=hub")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "nyu-mll/glue is not in the cache, and the Hub cannot be reached; pass --trainer-data DIR" in done.stdout
