"""pytest's side of the house: options, marks, fixtures, and the moment when a run turns out to have checks.

pytest loads this module in every project of an environment, so it imports next to nothing; the hooks that grade are
in `grader`, which is registered when the first check is collected.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from pytest_trainer.grading.check import CHECK_MARK

if TYPE_CHECKING:
    from pytest_trainer.full_run.running import FullRun
    from pytest_trainer.grader import Grader
    from pytest_trainer.lab.recipes import Mrpc
    from pytest_trainer.submission import Recipe, Submission

GRADER = "pytest_trainer_grader"
OPTIONS: dict[str, dict[str, Any]] = {
    "--submission": {
        "metavar": "DIR",
        "default": None,
        "dest": "trainer_submission",
        "help": "grade the files in DIR (the same sub-folders as exercises/, or the bare files)",
    },
    "--gradebook": {
        "metavar": "FILE",
        "default": None,
        "dest": "trainer_gradebook",
        "help": "write the gradebook to FILE as JSON",
    },
    "--trainer-seed": {
        "metavar": "N",
        "default": "0",
        "help": "draw every random input of the checks anew, by this whole number (default 0)",
    },
    "--trainer-isolation": {
        "choices": ("none", "process"),
        "default": "none",
        "help": "where the student's code runs: none (this process, default) or process (a worker)",
    },
    "--trainer-checkpoint": {
        "metavar": "NAME_OR_DIR",
        "default": "bert-base-uncased",
        "help": "full runs (-m gpu): a Hub name (default bert-base-uncased) or a folder",
    },
    "--trainer-data": {
        "metavar": "hub|DIR",
        "default": "hub",
        "help": "full runs: hub (default: nyu-mll/glue, mrpc) or a folder of its parquet files",
    },
    "--trainer-device": {
        "choices": ("auto", "cuda", "cpu"),
        "default": "auto",
        "help": "full runs: auto (default), cuda or cpu",
    },
    "--trainer-repeats": {
        "metavar": "N",
        "default": "1",
        "help": "full runs: train N times, with another seed each, and report mean and standard deviation",
    },
    "--trainer-resume": {
        "action": "store_true",
        "default": False,
        "help": "full runs: go on with the run in runs/ that was interrupted",
    },
    "--trainer-push": {
        "action": "store_true",
        "default": False,
        "help": "full runs: let the student's code push to the Hub, which is refused otherwise",
    },
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register our options; reads nothing and starts nothing."""
    group = parser.getgroup("trainer", "pytest-trainer: graded exercises on the Hugging Face Trainer")
    for option, words in OPTIONS.items():
        group.addoption(option, **words)


def pytest_configure(config: pytest.Config) -> None:
    """Register our marks; refuse options that cannot be, where any was given."""
    config.addinivalue_line("markers", f"{CHECK_MARK}(points, needs, hint, ...): a graded check of pytest-trainer")
    config.addinivalue_line("markers", "gpu: a full training run; selected by -m gpu")
    if any(config.getoption(words.get("dest", option)) != words["default"] for option, words in OPTIONS.items()):
        from pytest_trainer.settings import read_settings

        read_settings(config)
    if os.environ.get("RANK", "0") != "0" and "gpu" in (config.option.markexpr or ""):
        from pytest_trainer.full_run import processes

        if not processes.grades():
            config.pluginmanager.register(processes.Silence(config))


def pytest_itemcollected(item: pytest.Item) -> None:
    """Hand every check to the grader."""
    if item.get_closest_marker(CHECK_MARK) is not None:
        _grader(item.config).take(item)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A file of checks keeps its rows in the gradebook where it cannot be imported, and where --lf skips it."""
    report = yield
    incomplete = report.failed or collector.config.getoption("lf", False)
    if incomplete and isinstance(collector, pytest.Module) and "pytest_trainer" in _text(collector.path):
        _grader(collector.config).take_file(collector, report)
    return report


def _grader(config: pytest.Config) -> Grader:
    """The grader of this run, registered on first use."""
    grader = config.pluginmanager.get_plugin(GRADER)
    if grader is None:
        from pytest_trainer.grader import Grader
        from pytest_trainer.session import Session
        from pytest_trainer.settings import read_settings

        grader = Grader(config, Session(read_settings(config)))
        config.pluginmanager.register(grader, GRADER)
    return cast("Grader", grader)


# -- fixtures ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def submission(request: pytest.FixtureRequest) -> Iterator[Submission]:
    """One exercise's side of the student: `submission.call("collate", features, Tokenizer())`."""
    config = request.config
    grader = _grader(config)
    if config.getoption("--trainer-isolation") != "none" or "pytest_trainer.lab" in _text(request.path):
        grader.say_loading()  # the lab's recipes, and workers, import the libraries
    debugging = config.getoption("usepdb", False) or config.getoption("trace", False)
    with _refusing():
        one = grader.run.submission(request.path.parent, capture=config.option.capture != "no", limits=not debugging)
    yield one
    one.close()


@pytest.fixture(scope="session")
def checkpoint(request: pytest.FixtureRequest) -> str:
    """The checkpoint to fine-tune, as `from_pretrained` takes it: a folder, or a name of the Hub in a full run."""
    run = _grader(request.config).run
    if run.settings.full_run:
        from pytest_trainer.full_run import preflight

        with _refusing():
            run.enter_world()
            return preflight.checkpoint(run.settings.real)
    from pytest_trainer.lab.checkpoints import stamped_checkpoint

    return str(stamped_checkpoint(run.scratch() / "checkpoint", run.settings.seed))


@pytest.fixture(scope="session")
def raw_datasets(request: pytest.FixtureRequest) -> Recipe:
    """The recipe of the data to train on: paraphrases of this seed, or the real MRPC in a full run."""
    from pytest_trainer.lab.recipes import GRADED_ROWS, Mrpc, Paraphrases

    run = _grader(request.config).run
    if not run.settings.full_run:
        return Paraphrases(run.settings.seed, GRADED_ROWS)
    from pytest_trainer.full_run import preflight

    with _refusing():
        run.enter_world()
        preflight.data(run.settings.real)
    return Mrpc(run.settings.real.data)


@pytest.fixture(scope="session")
def device(request: pytest.FixtureRequest) -> str:
    """cpu or cuda: where this run trains. A full run without a GPU is skipped unless it asked for the CPU."""
    run = _grader(request.config).run
    if not run.settings.full_run or run.settings.real.device == "cpu":
        return "cpu"
    with _refusing():
        run.enter_world()
    import torch

    if not torch.cuda.is_available():
        pytest.skip("a full run needs a GPU, and torch sees none here; --trainer-device cpu runs it slowly")
    return "cuda"


@pytest.fixture(scope="module")
def full_run(request: pytest.FixtureRequest, device: str, checkpoint: str, raw_datasets: Mrpc) -> FullRun:
    """A full run, whose `train` trains with the student's code, once for each of its seeds."""
    return _grader(request.config).full_run(request.path.parent.name, device, checkpoint, raw_datasets)


@contextlib.contextmanager
def _refusing() -> Iterator[None]:
    """End the run with the sentence of a world that cannot be entered."""
    from pytest_trainer.lab.world import WorldRefused

    try:
        yield
    except WorldRefused as error:
        pytest.exit(str(error), returncode=pytest.ExitCode.USAGE_ERROR)


# -- pytest-xdist -----------------------------------------------------------------------------------------------------


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """Have the grader where the workers' reports arrive, and say there what grades whom."""
    if _asks_for_exercises(config):
        grader, reporter = _grader(config), config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            for line in grader.pytest_report_collectionfinish():
                reporter.write_line(line)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep one file's checks on one worker, so that a training runs once; other projects keep their scheduler."""
    if config.getoption("dist") not in ("load", "worksteal") or not _asks_for_exercises(config):
        return None
    from pytest_trainer.scheduling import OneWorkerPerExercise

    return OneWorkerPerExercise(config, log)


def _asks_for_exercises(config: pytest.Config) -> bool:
    for argument in config.args:
        path = config.invocation_params.dir / argument.partition("::")[0]
        files = path.rglob("[0-9]*_*/test_*.py") if path.is_dir() else [path]
        if path.is_dir() and path.name[:1].isdigit():
            files = path.glob("test_*.py")
        if any("pytest_trainer" in _text(file) for file in files):
            return True
    return False


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
