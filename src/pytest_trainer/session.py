"""One run of pytest over exercises: what was collected, what became of it, and the student's side that it needs."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pytest_trainer.grading.check import Check
from pytest_trainer.grading.gradebook import Gradebook, Planned, build_gradebook
from pytest_trainer.grading.outcome import Outcome, Verdict
from pytest_trainer.grading.show import printable
from pytest_trainer.lab import world
from pytest_trainer.settings import Settings
from pytest_trainer.submission import Source, Submission, find, shown_path
from pytest_trainer.submission.process import InWorker, WarmParent
from pytest_trainer.submission.transport import InProcess, Transport

VERSIONED = (
    "pytest-trainer",
    "pytest",
    "hypothesis",
    "transformers",
    "datasets",
    "evaluate",
    "accelerate",
    "torch",
    "numpy",
)


@dataclass(frozen=True, slots=True)
class Folder:
    """One exercise's folder on disk: its checks' folder, its title, and the student's file for it."""

    path: Path
    title: str
    shown: str
    source: Source

    @property
    def probes(self) -> Path | None:
        """Its probes.py, where it has one."""
        probes = self.path / "probes.py"
        return probes if probes.is_file() else None


@dataclass
class Session:
    """The state of a run. Plain values in `planned` and `verdicts` make up the gradebook."""

    settings: Settings
    planned: dict[str, Planned] = field(default_factory=dict)
    verdicts: dict[str, dict[str, Any]] = field(default_factory=dict)
    folders: dict[Path, Folder] = field(default_factory=dict)
    shown_folders: dict[str, str] = field(default_factory=dict)
    plan_sent: bool = False
    said_loading: bool = False
    refusal: str = ""
    last_words: list[str] = field(default_factory=list)
    _environment: dict[str, str | None] | None = None
    _scratch: Path | None = None
    _warm: WarmParent | None = None

    # -- collecting ---------------------------------------------------------------------------------------------

    def folder(self, path: Path) -> Folder:
        """The exercise in this folder, looked at once."""
        if path not in self.folders:
            self.folders[path] = Folder(
                path=path,
                title=_title(path),
                shown=shown_path(path, self.settings.start),
                source=find(path, self.settings.submission, self.settings.start),
            )
        return self.folders[path]

    def plan(self, check: Check, nodeid: str, name: str, path: Path, **about: Any) -> None:
        """Take a collected check into the gradebook, which names it from the exercise's folder on."""
        folder = self.folder(path)
        self.shown_folders[path.name] = folder.shown
        self.planned[nodeid] = Planned(
            nodeid=nodeid,
            file=f"{path.name}/{nodeid.partition('::')[0].rpartition('/')[2]}",
            name=name,
            exercise=path.name,
            title=folder.title,
            points=check.points,
            evidence=check.evidence,
            hint=check.hint,
            place=folder.source.place(check.needs[0]),
            **about,
        )

    def plan_as_plain(self) -> dict[str, Any]:
        """The plan as builtins, for the process that did not collect."""
        return {
            "planned": [asdict(check) | {"outcome": check.outcome.value} for check in self.planned.values()],
            "folders": dict(self.shown_folders),
        }

    def take_plan(self, plain: Mapping[str, Any]) -> None:
        """Take over what another process collected."""
        for check in plain["planned"]:
            self.planned.setdefault(check["nodeid"], Planned.from_plain(check))
        self.shown_folders.update(plain["folders"])

    # -- running ------------------------------------------------------------------------------------------------

    def submission(self, path: Path, *, capture: bool, limits: bool) -> Submission:
        """The student's side of one exercise, in the world of this run; raises `WorldRefused`."""
        self.enter_world()
        folder = self.folder(path)
        scratch = Path(tempfile.mkdtemp(prefix=f"{path.name}-", dir=self.scratch()))
        return Submission(
            folder.source,
            self._transport(),
            seed=self.settings.seed,
            scratch=scratch,
            probes=folder.probes,
            capture=capture or self.settings.isolation != "none",
            limits=limits,
        )

    def enter_world(self) -> None:
        """Set the environment, once."""
        if self._environment is None:
            if self.settings.full_run:
                self._environment = world.enter_real(self.settings.real)
            else:
                self._environment = world.enter_tiny(self.scratch() / "hf_home", self.settings.seed)

    def scratch(self) -> Path:
        """A temporary folder of this run."""
        if self._scratch is None:
            self._scratch = Path(tempfile.mkdtemp(prefix="pytest-trainer-")).resolve()
        return self._scratch

    def _transport(self) -> Transport:
        if self.settings.isolation == "none":
            return InProcess()
        if self._warm is None:
            self._warm = WarmParent()
        self._warm.start()
        return InWorker(self._warm)

    def record(self, nodeid: str, verdict: Mapping[str, Any] | None, duration: float) -> None:
        """Take one phase of a check's report; a later phase never turns a verdict into a pass."""
        taken = self.verdicts.setdefault(nodeid, {"outcome": Outcome.NOT_RUN, "duration": 0.0})
        taken["duration"] += duration
        if verdict is not None and taken["outcome"] in (Outcome.NOT_RUN, Outcome.PASSED):
            taken.update(verdict)

    def outcome_of(self, nodeid: str) -> Outcome:
        """What became of a check so far."""
        return Outcome(self.verdicts.get(nodeid, {"outcome": Outcome.NOT_RUN})["outcome"])

    # -- ending -------------------------------------------------------------------------------------------------

    def gradebook(self, with_versions: bool = False) -> Gradebook:
        """The gradebook of everything collected; looking up the versions takes a while, and only the file has them."""
        return build_gradebook(
            self.planned.values(),
            self.verdicts,
            submission=self._submission_name(),
            seed=self.settings.seed,
            world="real" if self.settings.full_run else "tiny",
            isolation=self.settings.isolation,
            versions=versions() if with_versions else {},
        )

    def has_fault(self) -> bool:
        """Whether something of ours broke."""
        return any(row.outcome is Outcome.FAULT for row in self.gradebook().rows)

    def close(self) -> None:
        """End the student's side, put the environment back, remove the temporary folder."""
        if self._warm is not None:
            self._warm.close()
        if self._environment is not None:
            world.leave(self._environment)
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)
        self._warm, self._environment, self._scratch = None, None, None

    def _submission_name(self) -> str:
        given = self.settings.submission
        return given.name if given else "exercises"


def plain_verdict(verdict: Verdict) -> dict[str, Any]:
    """A verdict as builtins; what a student's code may have put into its texts is made printable."""
    texts = {name: printable(text) for name, text in asdict(verdict).items()}
    return texts | {"outcome": verdict.outcome.value}


def _title(folder: Path) -> str:
    try:
        with (folder / "README.md").open(encoding="utf-8") as lesson:
            first = lesson.readline().lstrip("#").partition(":")[0].strip()
    except (OSError, UnicodeDecodeError):
        first = ""
    return first or folder.name.replace("_", " ")


def versions() -> dict[str, str]:
    """Those of Python and of what decides over a verdict."""
    found = {"python": platform.python_version()}
    for name in VERSIONED:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found
