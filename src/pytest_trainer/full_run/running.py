"""`FullRun`, what the fixture `full_run` hands to a check: trains with a student's code, once for each seed.

Each training is recorded while it runs, can be resumed, and ends in the grader's own evaluation of the saved model.
"""

from __future__ import annotations

import contextlib
import functools
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_trainer.full_run import known, processes
from pytest_trainer.full_run.events import read_events
from pytest_trainer.full_run.files import write_report
from pytest_trainer.full_run.folders import CannotResume, RunFolder, SeedFolder, begin, resume, unfinished
from pytest_trainer.full_run.report import Device, Report, Run, Scores, Threshold, seed_run
from pytest_trainer.grading.outcome import Died, Unsatisfied, WrongAnswer
from pytest_trainer.lab.evaluation import Evaluation, evaluate_saved, majority
from pytest_trainer.lab.recipes import Arguments, Supervised
from pytest_trainer.submission import Array

if TYPE_CHECKING:
    from datasets import DatasetDict

    from pytest_trainer.lab.recipes import Mrpc
    from pytest_trainer.submission import Submission

FIRST_SEED = 42
"""The library's own default; the run's --trainer-seed is added to it, and then the number of the repeat."""

SAVED = 0.2
"""A checkpoint each fifth of the training, which is how much an interruption can cost."""

MEMORY = (
    "The device has no memory left for this checkpoint and batch: end other programs that use it, or take a smaller "
    "checkpoint (--trainer-checkpoint), or --trainer-device cpu, which is slow."
)
DISK = (
    "The disk is full. A checkpoint needs some 12 bytes for each parameter; make room, and the same command with "
    "--trainer-resume goes on from the last checkpoint that was written."
)
DIAGNOSES = {
    "out of memory": MEMORY,
    "not enough memory": MEMORY,
    "No space left on device": DISK,
    "Disk quota exceeded": DISK,
}


@dataclass(frozen=True, slots=True)
class Training:
    """One training that has ended.

    Attributes:
        returned: what the student's code returned.
        evaluation: the grader's own, of the model that was saved.
    """

    seed: int
    returned: Any
    evaluation: Evaluation


@dataclass
class FullRun:
    """A full run over its seeds.

    Attributes:
        name: the checkpoint's last name and the run's seed.
        runs: the folder `runs/`.
        about: exercise, submission, data and seed, which a resumed run has in common with the one that it resumes.
        versions: those of the libraries.
        watched: a context for the file of a training's events and a label, in which its progress is shown.
        say: takes a sentence for the end of the run, whatever the verdict.
    """

    name: str
    runs: Path
    checkpoint: str
    raw_datasets: Mrpc
    splits: DatasetDict
    device: str
    seeds: tuple[int, ...]
    resumed: bool
    push: bool
    about: Mapping[str, Any]
    versions: Callable[[], Mapping[str, str]]
    watched: Callable[[Path, str], AbstractContextManager[object]]
    say: Callable[[str], None]

    def train(self, submission: Submission, probe: str, settings: Mapping[str, Any]) -> list[Training]:
        """Train with the student's code once for each seed, and write the report.

        Args:
            submission: the exercise's.
            probe: the name of a probe `(student, checkpoint, raw_datasets, training_args, supervision)` that trains
                within the supervision, has it watch the Trainer before and save it after the training, and returns
                what the student's code returned.
            settings: of TrainingArguments, beside the folder, the seed, and when to evaluate, log and save.

        Returns:
            The trainings; none in a process that does not grade.

        Raises:
            Unsatisfied: the student's code failed, with a diagnosis where memory or disk ran out.
        """
        folder = self._folder(settings)
        with self._explained(folder):
            for seed in self.seeds:
                self._train_once(submission, probe, folder.seed(seed), {**self._arguments(settings), "seed": seed})
        if not processes.grades():
            return []
        trainings = [self._evaluated(folder.seed(seed), seed) for seed in self.seeds]
        self._report(folder, trainings, self._arguments(settings))
        return trainings

    @functools.cached_property
    def baseline(self) -> Scores:
        """What always answering 'equivalent' earns on the validation pairs."""
        import numpy as np

        earned = majority(np.array(self.splits["validation"]["label"]))
        return Scores(earned.accuracy, earned.f1)

    @functools.cached_property
    def threshold(self) -> Threshold:
        """What accuracy and F1 have to reach."""
        return known.threshold(known.known(self.checkpoint), self.baseline)

    # -- one training -----------------------------------------------------------------------------------------------

    def _arguments(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "per_device_eval_batch_size": 64,
            "eval_strategy": "epoch",
            "logging_steps": 0.02,
            "save_strategy": "steps",
            "save_steps": SAVED,
            "save_total_limit": 1,
            "report_to": "none",
            "disable_tqdm": True,
            "use_cpu": self.device == "cpu",
            **settings,
        }

    def _train_once(self, submission: Submission, probe: str, folder: SeedFolder, settings: dict[str, Any]) -> None:
        if folder.returned() is not None:
            return
        arguments = Arguments({**settings, "output_dir": str(folder.path)})
        supervised = Supervised(str(folder.path), self.push)
        label = f"seed {settings['seed']}" if len(self.seeds) > 1 else ""
        with self.watched(folder.events, label) if processes.grades() else contextlib.nullcontext():
            returned = submission.probe(probe, self.checkpoint, self.raw_datasets, arguments, supervised, limit=None)
        if processes.grades():
            folder.finish({"returned": _numbers(returned)})

    def _evaluated(self, folder: SeedFolder, seed: int) -> Training:
        evaluation = evaluate_saved(folder.trained, self.checkpoint, self.splits["validation"], self.device)
        outputs = evaluation.logits.shape[1]
        if outputs != 2:
            raise WrongAnswer(f"The trained model has {outputs} output{'s' * (outputs != 1)}, wanted 2, one per label.")
        return Training(seed, (folder.returned() or {}).get("returned"), evaluation)

    # -- around them ------------------------------------------------------------------------------------------------

    def _folder(self, settings: Mapping[str, Any]) -> RunFolder:
        about = {**self.about, "checkpoint": self.checkpoint, "settings": dict(settings), "repeats": len(self.seeds)}
        if not processes.grades():
            return RunFolder(Path(processes.agreed("")))
        if self.resumed:
            try:
                folder = resume(self.runs, self.name, about)
            except CannotResume as error:
                pytest.exit(str(error), returncode=pytest.ExitCode.USAGE_ERROR)
        else:
            left = unfinished(self.runs, self.name)
            if left is not None and left.worth_resuming:
                self.say(f"{self._shown(left)} was not finished; --trainer-resume would go on with it.")
            folder = begin(self.runs, self.name, about)
        processes.agreed(str(folder.path))
        return folder

    @contextlib.contextmanager
    def _explained(self, folder: RunFolder) -> Iterator[None]:
        """Say what is left of a run that does not come to its end, and why where memory or disk ran out."""
        try:
            yield
        except (KeyboardInterrupt, Unsatisfied, Died) as error:
            if folder.worth_resuming:
                self.say(f"{self._shown(folder)} is kept; the same command with --trainer-resume goes on with it.")
            elif processes.grades():
                folder.remove()
            if isinstance(error, Unsatisfied):
                said = error.message.lower()
                known_causes = (why for text, why in DIAGNOSES.items() if text.lower() in said)
                error.diagnosis = next(known_causes, error.diagnosis)
            raise

    def _report(self, folder: RunFolder, trainings: Sequence[Training], arguments: Mapping[str, Any]) -> None:
        made = Report(
            name=folder.path.name,
            exercise=self.about["exercise"],
            submission=Path(self.about["submission"]).name,
            checkpoint=Path(self.checkpoint).name if Path(self.checkpoint).is_dir() else self.checkpoint,
            data=Path(self.about["data"]).name,
            seed=self.about["seed"],
            device=Device(self.device, _device_name(self.device), processes.world_size()),
            versions=self.versions(),
            arguments=arguments,
            threshold=self.threshold,
            baseline=self.baseline,
            course=known.COURSE,
            runs=tuple(self._run(folder.seed(training.seed), training) for training in trainings),
        )
        written = write_report(made, folder.path)
        for sentence in (*written.problems, f"Report: {self._shown(folder)}/report.html"):
            self.say(sentence)

    def _run(self, folder: SeedFolder, training: Training) -> Run:
        found = training.evaluation
        return seed_run(
            training.seed, read_events(folder.events), found.logits, found.labels, self.splits["validation"]
        )

    def _shown(self, folder: RunFolder) -> str:
        return f"{self.runs.name}/{folder.path.name}"


def _numbers(returned: Any) -> Any:
    """The numbers in what a student's code returned, as JSON keeps them; something else by its type's name."""
    if not isinstance(returned, Mapping):
        return f"a {type(returned).__name__}"
    numbers = {str(name): _number(value) for name, value in returned.items()}
    return {name: value for name, value in numbers.items() if value is not None}


def _number(value: Any) -> float | None:
    plain = value.data if isinstance(value, Array) else value
    try:
        return None if isinstance(plain, (str, bytes)) else float(plain)
    except (TypeError, ValueError):
        return None


def _device_name(device: str) -> str:
    import torch

    return torch.cuda.get_device_name() if device == "cuda" else _processor()


def _processor() -> str:
    """The processor's name, where Linux tells it."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()
