"""The hooks of a run that has checks: registered when the first one is collected, acting on checks only."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import pytest

from pytest_trainer.full_run import processes
from pytest_trainer.grading.check import CHECK_MARK, Check, CheckWordError, checks_in_source, parse_check
from pytest_trainer.grading.outcome import Broken, Outcome, Unfinished, Unsatisfied, Verdict, Waiting, verdict_of
from pytest_trainer.grading.summary import Style, summary_lines
from pytest_trainer.session import Session, plain_verdict
from pytest_trainer.submission import shown_path

if TYPE_CHECKING:
    from pytest_trainer.full_run.running import FullRun
    from pytest_trainer.lab.recipes import Mrpc
    from pytest_trainer.submission import Submission

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


class Decided(pytest.fail.Exception):  # type: ignore[misc, name-defined]  # pytest types it as Any
    """A verdict reached before the check ran: pytest formats no traceback for it, which takes long for many stubs."""

    def __init__(self, said: Unsatisfied) -> None:
        super().__init__(said.message, pytrace=False)
        self.said = said


class Grader:
    """The hooks; `run` is the state of the run."""

    def __init__(self, config: pytest.Config, run: Session) -> None:
        self.config, self.run = config, run

    # -- collection -------------------------------------------------------------------------------------------------

    def take(self, item: pytest.Item) -> None:
        """Take a check into the plan, before anything is deselected; raises `pytest.UsageError` with one sentence."""
        mark = item.get_closest_marker(CHECK_MARK)
        assert mark is not None
        try:
            check = parse_check(mark.kwargs, item.nodeid)
        except CheckWordError as error:
            self.run.refusal = str(error)
            raise pytest.UsageError(str(error)) from None
        item.stash[CHECK] = check
        if check.full_run:
            item.add_marker("gpu")
        if check.full_run == self.run.settings.full_run:
            self.run.plan(check, item.nodeid, item.name, item.path.parent)

    def take_file(self, collector: pytest.Module, report: pytest.CollectReport) -> None:
        """Take the checks that a file declares into the plan, unseen: as faults where it could not be imported."""
        fault = ""
        if report.failed:
            last = str(report.longrepr).strip().splitlines()[-1]
            fault = f"{shown_path(collector.path, self.run.settings.start)} could not be imported.\n{last}"
        self._plan_from_source(collector.path, collector.nodeid, fault)

    def _plan_from_source(self, path: Path, file: str, fault: str = "") -> None:
        for name, check in checks_in_source(path):
            nodeid = f"{file}::{name}"
            if check.full_run == self.run.settings.full_run and nodeid not in self.run.planned:
                outcome = Outcome.FAULT if fault else Outcome.NOT_RUN
                self.run.plan(check, nodeid, name, path.parent, outcome=outcome, message=fault)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out full runs unless `-m gpu` asks for them; let no check run before the one that it waits on."""
        full_run = self.run.settings.full_run
        other = [item for item in items if CHECK in item.stash and item.stash[CHECK].full_run != full_run]
        if other:
            self.config.hook.pytest_deselected(items=other)
        items[:] = _in_order([item for item in items if item not in other])

    def pytest_report_collectionfinish(self) -> list[str]:
        """Say what grades whom."""
        settings = self.run.settings
        where = settings.submission or "the stubs beside the checks"
        lines = [f"pytest-trainer: grading {where}; seed {settings.seed}, isolation {settings.isolation}"]
        if settings.full_run:
            real = settings.real
            lines.append(f"full run: checkpoint {real.checkpoint}, data {real.data}, device {real.device}")
        else:
            lines.append("tiny world, offline: bert-base-uncased, glue/mrpc and the metrics are stand-ins")
        return lines

    # -- one check --------------------------------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Decide before any fixture whether a check can run at all."""
        check = item.stash.get(CHECK, None)
        if check is None:
            return
        source = self.run.folder(item.path.parent).source
        if source.problem:
            kind = Unfinished if source.missing else Broken
            raise Decided(kind(source.problem, source.place(check.needs[0])))
        for need in check.needs:
            if need in source.stubs:
                raise Decided(Unfinished(source.still_to_do(need), source.place(need)))
        before = _waits_on(item)
        if before and self.run.outcome_of(before) not in (Outcome.NOT_RUN, Outcome.PASSED):
            raise Decided(Waiting(f"waits on: {check.after}"))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Turn what a check raised into its verdict, which rides on the report as builtins."""
        report = yield
        if CHECK not in item.stash:
            return report
        verdict = _verdict(item, call, report)
        plain: dict[str, Any] = {}
        if verdict is not None:
            plain["verdict"] = plain_verdict(verdict)
            if verdict.outcome not in (Outcome.FAULT, Outcome.PASSED) and report.outcome == "failed":
                report.longrepr = plain["verdict"]["message"]
        if hasattr(self.config, "workerinput") and not self.run.plan_sent:
            plain["plan"], self.run.plan_sent = self.run.plan_as_plain(), True
        report.pytest_trainer = plain  # type: ignore[attr-defined]
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep a check's verdict; a worker of xdist that died has a report without one."""
        plain = getattr(report, "pytest_trainer", None)
        if plain is not None:
            if "plan" in plain:
                self.run.take_plan(plain["plan"])
            self.run.record(report.nodeid, plain.get("verdict"), report.duration)
        elif str(report.when) == "???" and self._is_check(report.nodeid):
            died = plain_verdict(Verdict(Outcome.ERROR, WORKER_DIED))
            self.run.record(report.nodeid, died, report.duration)
            report.pytest_trainer = {"verdict": died}  # type: ignore[attr-defined]

    def _is_check(self, nodeid: str) -> bool:
        """Whether this is a check of ours, whose worker may have died before it said what it had collected."""
        file, _, name = nodeid.partition("::")
        path = self.config.rootpath / file
        if nodeid not in self.run.planned and name in dict(checks_in_source(path)):
            self._plan_from_source(path, file)
        return nodeid in self.run.planned

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport | pytest.CollectReport) -> tuple[str, str, str] | None:
        """Our outcomes by their own words and letters."""
        plain = getattr(report, "pytest_trainer", None)
        if not plain or "verdict" not in plain:
            return None
        outcome = Outcome(plain["verdict"]["outcome"])
        if outcome is Outcome.SKIPPED and report.skipped:
            return None
        return STATUS[outcome]

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take the plan of a worker of xdist that ended, or the sentence for which it collected nothing."""
        output = getattr(node, "workeroutput", {})
        if output.get("pytest_trainer_refusal"):
            raise pytest.UsageError(output["pytest_trainer_refusal"])
        if "pytest_trainer" in output:
            self.run.take_plan(output["pytest_trainer"])

    # -- the end ----------------------------------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write the gradebook, and say by the exit status where we broke."""
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput["pytest_trainer"] = self.run.plan_as_plain()
            self.config.workeroutput["pytest_trainer_refusal"] = self.run.refusal
        elif self.run.planned and not self.config.option.collectonly:
            if self.run.has_fault() and exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
                session.exitstatus = EXIT_FAULT
            self._write_gradebook(session)

    def _write_gradebook(self, session: pytest.Session) -> None:
        path = self.run.settings.gradebook
        if path is None or not processes.grades():
            return
        try:
            path.write_text(self.run.gradebook(with_versions=True).to_json(), encoding="utf-8")
        except OSError as error:
            session.exitstatus = EXIT_FAULT
            reporter = self.config.pluginmanager.get_plugin("terminalreporter")
            if reporter is not None:
                reporter.write_line("")
                reporter.write_line(f"--gradebook {path} could not be written: {error.strerror}.", red=True)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Progress, total, and the next step."""
        if not self.run.planned or self.config.option.collectonly or hasattr(self.config, "workerinput"):
            return
        writer = terminalreporter._tw
        style = Style(
            unicode=_can_write_blocks(writer), width=min(writer.fullwidth, 100), verbosity=self.config.option.verbose
        )
        terminalreporter.write_line("")
        for line in summary_lines(self.run.gradebook(), style, self.run.shown_folders):
            terminalreporter.write_line(line.text, **TONES.get(line.tone, {}))
        for sentence in self.run.last_words:
            terminalreporter.write_line(sentence)

    def pytest_unconfigure(self) -> None:
        """End what still runs, and put everything back."""
        self.run.close()

    def say_loading(self) -> None:
        """The first word of a run that has to load the libraries, once."""
        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None and not self.run.said_loading and self.config.option.verbose >= 0:
            capture = self.config.pluginmanager.get_plugin("capturemanager")
            with capture.global_and_fixture_disabled() if capture else contextlib.nullcontext():
                reporter.ensure_newline()
                reporter.write_line("loading torch and transformers, which takes some seconds ...")
                reporter._tw.flush()
        self.run.said_loading = True

    # -- full runs ------------------------------------------------------------------------------------------------

    def full_run(self, exercise: str, device: str, checkpoint: str, raw_datasets: Mrpc) -> FullRun:
        """What the fixture `full_run` is in this exercise."""
        from pytest_trainer.full_run import preflight
        from pytest_trainer.full_run.running import FIRST_SEED, FullRun
        from pytest_trainer.session import versions

        settings = self.run.settings
        first = FIRST_SEED + settings.seed
        return FullRun(
            name=f"{Path(checkpoint).name}-seed-{settings.seed}",
            runs=settings.start / "runs",
            checkpoint=checkpoint,
            raw_datasets=raw_datasets,
            splits=preflight.data(settings.real),
            device=device,
            seeds=tuple(range(first, first + settings.repeats)),
            resumed=settings.resume,
            push=settings.push,
            about={
                "exercise": exercise,
                "submission": str(settings.submission or "the stubs"),
                "data": settings.real.data,
                "seed": settings.seed,
            },
            versions=versions,
            watched=self._followed,
            say=self.run.last_words.append,
        )

    @contextlib.contextmanager
    def _followed(self, events: Path, label: str) -> Iterator[None]:
        """Show what is recorded there, past pytest's capture, while a training runs."""
        from pytest_trainer.full_run.progress import Follower, Screen

        screen = self._screen()
        if screen is None:
            yield
            return
        width = min(self.config.get_terminal_writer().fullwidth, 100)

        def write(text: str) -> None:
            screen.write(text)
            screen.flush()

        with screen, Follower(events, write, Screen(screen.isatty(), width), label):
            yield

    def _screen(self) -> TextIO | None:
        """Where pytest's own lines go, open also while a check's output is captured."""
        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is None or self.config.option.verbose < 0:
            return None
        capture = self.config.pluginmanager.get_plugin("capturemanager")
        with capture.global_and_fixture_disabled() if capture else contextlib.nullcontext():
            reporter.ensure_newline()
            reporter._tw.flush()
            try:
                return os.fdopen(os.dup(reporter._tw._file.fileno()), "w", encoding="utf-8", errors="replace")
            except (OSError, AttributeError, ValueError):
                return None


def _in_order(items: list[pytest.Item]) -> list[pytest.Item]:
    by_nodeid = {item.nodeid: item for item in items}
    ordered: dict[str, pytest.Item] = {}

    def place(item: pytest.Item, waiting: frozenset[str]) -> None:
        before = by_nodeid.get(_waits_on(item) or "")
        if before is not None and before.nodeid not in waiting:
            place(before, waiting | {item.nodeid})
        ordered.setdefault(item.nodeid, item)

    for item in items:
        place(item, frozenset({item.nodeid}))
    return list(ordered.values()) if len(ordered) == len(items) else items


def _waits_on(item: pytest.Item) -> str | None:
    check = item.stash.get(CHECK, None)
    if check is None or check.after is None:
        return None
    return f"{item.nodeid.rpartition('::')[0]}::{check.after}"


def _verdict(item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport) -> Verdict | None:
    submission: Submission | None = getattr(item, "funcargs", {}).get("submission")
    if call.excinfo is None:
        if report.when != "call":
            return None
        return Verdict(Outcome.PASSED, "\n".join(submission.take_notes()) if submission else "")
    if report.outcome == "skipped":
        return Verdict(Outcome.SKIPPED, str(call.excinfo.value))
    if submission:
        submission.take_notes()
    error = call.excinfo.value
    said = verdict_of(error.said if isinstance(error, Decided) else error)
    if said is None:
        return Verdict(Outcome.FAULT, call.excinfo.exconly(tryshort=True))
    output = submission.output if submission and said.outcome is not Outcome.TODO else ""
    diagnosis = said.diagnosis
    if said.outcome is Outcome.ERROR and not diagnosis:
        from pytest_trainer.reference.raised import explanation

        diagnosis = explanation(said.message)
    return Verdict(said.outcome, said.message, diagnosis, said.place, output)


def _can_write_blocks(writer: Any) -> bool:
    try:
        "█░".encode(getattr(writer._file, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
