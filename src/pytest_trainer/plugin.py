"""pytest's side of the house: options, hooks and fixtures. Every hook acts only on tests that carry `@check`."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_trainer.grading import (
    CHECK_MARK,
    Check,
    CheckWordError,
    Outcome,
    Style,
    Verdict,
    parse_check,
    summary_lines,
)
from pytest_trainer.grading.outcome import Broken, Unfinished, Waiting, verdict_of
from pytest_trainer.session import Session, plain_verdict
from pytest_trainer.settings import add_options, read_settings

if TYPE_CHECKING:
    from pytest_trainer.submission import Recipe, Submission

SESSION = pytest.StashKey[Session]()
CHECK = pytest.StashKey[Check]()
STATUS = {
    Outcome.PASSED: ("passed", ".", "PASSED"),
    Outcome.FAILED: ("wrong", "F", "WRONG"),
    Outcome.TODO: ("todo", "t", "TODO"),
    Outcome.ERROR: ("broken", "E", "BROKEN"),
    Outcome.TIMEOUT: ("timed out", "T", "TIMED OUT"),
    Outcome.SKIPPED: ("waiting", "w", "WAITING"),
    Outcome.FAULT: ("error", "X", "FAULT"),
}
TONES: dict[str, dict[str, bool]] = {
    "good": {"green": True},
    "bad": {"red": True},
    "strong": {"bold": True},
    "faint": {"light": True},
}
EXIT_FAULT = 3
WORKER_DIED = (
    "The process that ran this check ended while it ran, as os._exit() does; "
    "--trainer-isolation process keeps such code apart and says more."
)

# -- the run ------------------------------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register our options."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Read the options once; register our marks."""
    run = Session(read_settings(config))
    config.stash[SESSION] = run
    config.pluginmanager.register(Recorder(run), "pytest_trainer_recorder")
    config.addinivalue_line("markers", f"{CHECK_MARK}(points, needs, hint, ...): a graded check of pytest-trainer")
    config.addinivalue_line("markers", "gpu: a full training run; selected by -m gpu")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write the gradebook, say by the exit status where we broke, put everything back."""
    run = session.config.stash[SESSION]
    if not run.planned:
        return
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["pytest_trainer"] = run.plan_as_plain()
    elif not session.config.option.collectonly:
        if run.has_fault() and exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            session.exitstatus = EXIT_FAULT
        _write_gradebook(session, run)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what still runs."""
    run = config.stash.get(SESSION, None)
    if run is not None:
        run.close()


def _write_gradebook(session: pytest.Session, run: Session) -> None:
    path = run.settings.gradebook
    if path is None:
        return
    try:
        path.write_text(run.gradebook().to_json(), encoding="utf-8")
    except OSError as error:
        session.exitstatus = EXIT_FAULT
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.write_line("")
            reporter.write_line(f"--gradebook {path} could not be written: {error.strerror}.", red=True)


class Recorder:
    """Hears every report, of this process or of another, and keeps what is ours."""

    def __init__(self, run: Session) -> None:
        self.run = run

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep a check's verdict; a worker of xdist that died has a report without one."""
        plain = getattr(report, "pytest_trainer", None)
        if plain is not None:
            if "plan" in plain:
                self.run.take_plan(plain["plan"])
            self.run.record(report.nodeid, plain.get("verdict"), report.duration)
        elif report.nodeid in self.run.planned:
            died = Verdict(Outcome.ERROR, WORKER_DIED)
            self.run.record(report.nodeid, plain_verdict(died), report.duration)
            report.pytest_trainer = {"verdict": plain_verdict(died)}  # type: ignore[attr-defined]

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Take the plan of a worker of xdist that ended."""
        output = getattr(node, "workeroutput", {})
        if "pytest_trainer" in output:
            self.run.take_plan(output["pytest_trainer"])


# -- collection -----------------------------------------------------------------------------------------------------


def pytest_itemcollected(item: pytest.Item) -> None:
    """Take a check into the plan, before anything is deselected."""
    mark = item.get_closest_marker(CHECK_MARK)
    if mark is None:
        return
    try:
        check = parse_check(mark.kwargs, item.nodeid)
    except CheckWordError as error:
        raise pytest.UsageError(str(error)) from None
    item.stash[CHECK] = check
    run = item.config.stash[SESSION]
    if check.full_run:
        item.add_marker("gpu")
    if check.full_run == run.settings.full_run:
        run.plan(check, item.nodeid, item.name, item.path.parent)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A file of checks that cannot be imported keeps its rows in the gradebook, as faults."""
    report = yield
    if report.failed and isinstance(collector, pytest.Module):
        run = collector.config.stash[SESSION]
        run.plan_broken_file(collector.path, collector.nodeid, str(report.longrepr).strip().splitlines()[-1])
    return report


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out full runs unless `-m gpu` asks for them; let no check run before the one that it waits on."""
    if not any(CHECK in item.stash for item in items):
        return
    full_run = config.stash[SESSION].settings.full_run
    other = [item for item in items if CHECK in item.stash and item.stash[CHECK].full_run != full_run]
    if other:
        config.hook.pytest_deselected(items=other)
    items[:] = _in_order([item for item in items if item not in other])


def _in_order(items: list[pytest.Item]) -> list[pytest.Item]:
    by_nodeid = {item.nodeid: item for item in items}
    ordered: dict[str, pytest.Item] = {}

    def place(item: pytest.Item) -> None:
        if item.nodeid in ordered:
            return
        before = by_nodeid.get(_waits_on(item) or "")
        if before is not None and before is not item:
            place(before)
        ordered.setdefault(item.nodeid, item)

    for item in items:
        place(item)
    return list(ordered.values()) if len(ordered) == len(items) else items


def _waits_on(item: pytest.Item) -> str | None:
    check = item.stash.get(CHECK, None)
    if check is None or check.after is None:
        return None
    return f"{item.nodeid.rpartition('::')[0]}::{check.after}"


def pytest_report_collectionfinish(config: pytest.Config) -> list[str]:
    """Say what grades whom, in runs that have checks."""
    run = config.stash[SESSION]
    if not run.planned:
        return []
    settings = run.settings
    where = settings.submission or "the stubs beside the checks"
    lines = [f"pytest-trainer: grading {where}; seed {settings.seed}, isolation {settings.isolation}"]
    if settings.full_run:
        real = settings.real
        lines.append(f"full run: checkpoint {real.checkpoint}, data {real.data}, device {real.device}")
    else:
        lines.append("tiny world, offline: bert-base-uncased, glue/mrpc and the metrics are stand-ins")
    return lines


# -- one check ------------------------------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Decide before any fixture whether a check can run at all."""
    check = item.stash.get(CHECK, None)
    if check is None:
        return
    run = item.config.stash[SESSION]
    source = run.folder(item.path.parent).source
    if source.problem:
        raise Broken(source.problem, source.place(check.needs[0]))
    for function in check.needs:
        if function in source.stubs:
            raise Unfinished(f"{function} is still to write; its docstring says what is asked.", source.place(function))
    before = _waits_on(item)
    if before and run.outcome_of(before) not in (Outcome.NOT_RUN, Outcome.PASSED):
        raise Waiting(f"waits on: {check.after}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn what a check raised into its verdict, which rides on the report as builtins."""
    report = yield
    if CHECK not in item.stash:
        return report
    run = item.config.stash[SESSION]
    verdict = _verdict(item, call, report)
    plain: dict[str, Any] = {}
    if verdict is not None:
        plain["verdict"] = plain_verdict(verdict)
        if verdict.outcome not in (Outcome.FAULT, Outcome.PASSED) and report.outcome == "failed":
            report.longrepr = verdict.message
    if hasattr(item.config, "workerinput") and not run.plan_sent:
        plain["plan"], run.plan_sent = run.plan_as_plain(), True
    report.pytest_trainer = plain  # type: ignore[attr-defined]
    return report


def _verdict(item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport) -> Verdict | None:
    submission: Submission | None = getattr(item, "funcargs", {}).get("submission")
    if call.excinfo is None:
        if report.when != "call":
            return None
        return Verdict(Outcome.PASSED, "\n".join(submission.notes) if submission else "")
    if report.outcome == "skipped":
        return Verdict(Outcome.SKIPPED, str(call.excinfo.value))
    said = verdict_of(call.excinfo.value)
    if said is None:
        return Verdict(Outcome.FAULT, call.excinfo.exconly(tryshort=True))
    output = submission.output if submission and said.outcome is not Outcome.TODO else ""
    return Verdict(said.outcome, said.message, said.diagnosis, said.place, output)


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(
    report: pytest.TestReport | pytest.CollectReport, config: pytest.Config
) -> tuple[str, str, str] | None:
    """Our outcomes by their own words and letters."""
    plain = getattr(report, "pytest_trainer", None)
    if not plain or "verdict" not in plain:
        return None
    outcome = Outcome(plain["verdict"]["outcome"])
    if outcome is Outcome.SKIPPED and report.skipped:
        return None
    return STATUS[outcome]


# -- what a student sees ----------------------------------------------------------------------------------------------


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Progress, total, and the next step."""
    run = config.stash[SESSION]
    if not run.planned or config.option.collectonly or hasattr(config, "workerinput"):
        return
    writer = terminalreporter._tw
    style = Style(
        unicode=_can_write_blocks(writer), width=min(writer.fullwidth, 100), verbosity=config.option.verbose
    )
    terminalreporter.write_line("")
    for line in summary_lines(run.gradebook(), style, run.shown_folders):
        terminalreporter.write_line(line.text, **TONES.get(line.tone, {}))


def _can_write_blocks(writer: Any) -> bool:
    try:
        "█░".encode(getattr(writer._file, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _say_loading(config: pytest.Config, run: Session) -> None:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and not run.said_loading and config.option.verbose >= 0:
        capture = config.pluginmanager.get_plugin("capturemanager")
        with capture.global_and_fixture_disabled():
            reporter.ensure_newline()
            reporter.write_line("loading torch and transformers, which takes some seconds ...")
            reporter._tw.flush()
    run.said_loading = True


# -- fixtures ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def submission(request: pytest.FixtureRequest) -> Iterator[Submission]:
    """One exercise's side of the student: `submission.call("collate", features, Tokenizer())`."""
    from pytest_trainer.lab.world import WorldRefused

    config = request.config
    run = config.stash[SESSION]
    _say_loading(config, run)
    debugging = config.getoption("usepdb", False) or config.getoption("trace", False)
    try:
        one = run.submission(
            request.path.parent, capture=config.option.capture != "no", limits=not debugging
        )
    except WorldRefused as error:
        pytest.exit(str(error), returncode=pytest.ExitCode.USAGE_ERROR)
    yield one
    one.close()


@pytest.fixture(scope="session")
def checkpoint(request: pytest.FixtureRequest) -> str:
    """The checkpoint to fine-tune, as `from_pretrained` takes it: a folder, or a name of the Hub in a full run."""
    from pytest_trainer.lab.checkpoints import stamped_checkpoint

    run = request.config.stash[SESSION]
    if run.settings.full_run:
        return run.settings.real.checkpoint
    return str(stamped_checkpoint(run.scratch() / "checkpoint", run.settings.seed))


@pytest.fixture(scope="session")
def raw_datasets(request: pytest.FixtureRequest) -> Recipe:
    """The recipe of the data to train on: paraphrases of this seed, or the real MRPC in a full run."""
    from pytest_trainer.lab.recipes import GRADED_ROWS, Mrpc, Paraphrases

    run = request.config.stash[SESSION]
    if run.settings.full_run:
        return Mrpc(run.settings.real.data)
    return Paraphrases(run.settings.seed, GRADED_ROWS)


@pytest.fixture(scope="session")
def device(request: pytest.FixtureRequest) -> str:
    """cpu or cuda: where this run trains. A full run without a GPU is skipped unless it asked for the CPU."""
    real = request.config.stash[SESSION].settings.real
    if not request.config.stash[SESSION].settings.full_run or real.device == "cpu":
        return "cpu"
    import torch

    if not torch.cuda.is_available():
        pytest.skip("a full run needs a GPU, and torch sees none here; --trainer-device cpu runs it slowly")
    return "cuda"


# -- pytest-xdist -----------------------------------------------------------------------------------------------------


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep one file's checks on one worker, so that a training runs once; other projects keep their scheduler."""
    if config.getoption("dist") not in ("load", "worksteal") or not _asks_for_exercises(config):
        return None
    from xdist.scheduler import LoadFileScheduling

    return LoadFileScheduling(config, log)


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
