"""How many small changes to a right answer the checks notice: the mutation score of the course.

    python benchmarks/mutants.py [EXERCISE ...] [--jobs N] [--seed N] [--every-check] [--out DIR]

Each mutant of a reference answer (mutation.py says which there are) is graded as a submission of its own, in a process
forked from one that has imported the libraries. It is killed where a check fails, where the answer breaks, or where it
comes to no end; the first such check is the last to run, but for --every-check, which looks for faults of the grader in
all of them. Each survivor is printed: either a check has to look closer, or the change changes nothing that the
exercise asks for, and equivalent_mutants.toml says why. DIR keeps the verdicts, so that a second run grades only what
has changed since. The exit status is 0 where nothing is left to do.
"""

import argparse
import difflib
import hashlib
import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
import tomllib
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from mutation import Mutant, mutants_of
from pytest_trainer.grading import given as properties
from pytest_trainer.lab import world
from pytest_trainer.submission import file_name
from pytest_trainer.submission.worker import preload

ROOT = Path(__file__).parent.parent
PLUGIN = ROOT / "src" / "pytest_trainer"
EQUIVALENT = Path(__file__).parent / "equivalent_mutants.toml"
SECONDS = 150.0  # for all checks of one mutant; each call into it has a limit of its own, which a loop in C ignores

KILLED, TIMEOUT, SURVIVED, FAULT = "killed", "timeout", "survived", "fault"
UNCHANGED = "the answer itself"


@dataclass(frozen=True, slots=True)
class Trial:
    """One mutant of one answer, or the answer itself; `key` is what its verdict depends on, as a hash."""

    exercise: str
    mutant: Mutant
    key: str

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What an entry of equivalent_mutants.toml names it by."""
        return (self.exercise, self.mutant.function, self.mutant.before, self.mutant.after)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a trial: the outcome of each check that it did not pass, and, for a fault, what was said."""

    outcome: str
    checks: Mapping[str, str] = field(default_factory=dict)
    said: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """Where the checks and the answers are, what the checks draw from, and whether all of them run."""

    exercises: Path
    answers: Path
    seed: int
    every_check: bool

    def trials(self, exercise: str) -> list[Trial]:
        """The answer to one exercise, and each mutant of it."""
        source = (self.answers / exercise / file_name(exercise)).read_text(encoding="utf-8")
        graders = digest([*sorted(PLUGIN.rglob("*.py")), *sorted((self.exercises / exercise).glob("*.py"))])
        mutants = [Mutant("", UNCHANGED, "", "", source), *mutants_of(source)]
        return [Trial(exercise, one, digest_of(graders, str(self.seed), exercise, one.source)) for one in mutants]


def digest(files: Iterable[Path]) -> str:
    """A hash of the files' contents."""
    return digest_of(*(file.read_text(encoding="utf-8") for file in files))


def digest_of(*texts: str) -> str:
    """A hash of some texts, in this order."""
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:32]


# -- grading ----------------------------------------------------------------------------------------------------------


def verdicts(trials: Sequence[Trial], course: Course, jobs: int, out: Path) -> dict[str, Verdict]:
    """The verdict on each trial by its key: those that are kept in `out`, and the others as they come."""
    record = out / "verdicts.jsonl"
    known = read_record(record, course.every_check)
    new = [trial for trial in trials if trial.key not in known]
    with tempfile.TemporaryDirectory(dir=out) as folder, record.open("a", encoding="utf-8") as file:
        if new:
            print(f"grading {len(new)} of {len(trials)} answers ...", flush=True)
            warm_up(Path(folder), course.seed)
        for trial, verdict in graded(new, course, jobs, Path(folder)):
            known[trial.key] = verdict
            about = {"exercise": trial.exercise, "function": trial.mutant.function, "after": trial.mutant.after}
            row = {"key": trial.key, "every_check": course.every_check, **about, **asdict(verdict)}
            file.write(json.dumps(row) + "\n")
            file.flush()
    return known


def read_record(record: Path, every_check: bool) -> dict[str, Verdict]:
    """The verdicts that earlier runs wrote, or those of every check; the last line may have been cut off."""
    known = {}
    for line in record.read_text(encoding="utf-8").splitlines() if record.exists() else ():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if row["every_check"] or not every_check:
            known[row["key"]] = Verdict(row["outcome"], row["checks"], row["said"])
    return known


def warm_up(folder: Path, seed: int) -> None:
    """Import the libraries in the tiny world, once for all mutants."""
    world.enter_tiny(folder / "hf_home", seed)
    preload()
    world.one_thread()


def graded(trials: Iterable[Trial], course: Course, jobs: int, folder: Path) -> Iterator[tuple[Trial, Verdict]]:
    """Each trial with its verdict, in the order in which they end; `jobs` of them run at a time."""
    waiting, running = deque(trials), {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                run = Run(waiting.popleft(), course, folder)
                running[run.process] = run
            connection.wait([process.sentinel for process in running], timeout=1.0)
            for process in [process for process, run in running.items() if run.has_ended()]:
                run = running.pop(process)
                yield run.trial, run.verdict()
    finally:
        for process in running:
            process.kill()


class Run:
    """One trial that is being graded in a forked process, with a folder of its own."""

    def __init__(self, trial: Trial, course: Course, folder: Path):
        self.trial = trial
        self.folder = Path(tempfile.mkdtemp(dir=folder))
        self.deadline, self.is_too_long = time.monotonic() + SECONDS, False
        context = multiprocessing.get_context("fork")
        self.process: BaseProcess = context.Process(target=grade, args=(trial, course, self.folder))
        self.process.start()

    def has_ended(self) -> bool:
        """Whether it has, by itself or because its time was up."""
        if self.process.is_alive() and time.monotonic() > self.deadline:
            self.is_too_long = True
            self.process.kill()
            self.process.join()
        return not self.process.is_alive()

    def verdict(self) -> Verdict:
        """What the gradebook says. A run that left none was ended for its length, or is a fault of ours."""
        gradebook, log = self.folder / "gradebook.json", self.folder / "log"
        try:
            if self.is_too_long:
                return Verdict(TIMEOUT)
            if gradebook.exists():
                return verdict_of(json.loads(gradebook.read_text(encoding="utf-8")))
            return Verdict(FAULT, said=log.read_text(encoding="utf-8", errors="replace")[-2000:])
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)


def grade(trial: Trial, course: Course, folder: Path) -> None:
    """Grade one trial here, in a process of its own; the gradebook goes to the folder."""
    submission = folder / "submission"
    submission.mkdir()
    (submission / file_name(trial.exercise)).write_text(trial.mutant.source, encoding="utf-8")
    os.chdir(submission)
    with (folder / "log").open("w") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    tempfile.tempdir = str(folder)
    properties.SHRINKING_SECONDS = 0.2  # whether a check fails is asked here, not for which smallest input
    pytest.main(
        [
            str(course.exercises / trial.exercise),
            f"--submission={submission}",
            f"--gradebook={folder / 'gradebook.json'}",
            f"--trainer-seed={course.seed}",
            f"--basetemp={folder / 'pytest'}",
            *("-q", "-p", "no:cacheprovider", "-p", "no:randomly"),
            *(() if course.every_check else ("-x",)),
        ]
    )


def verdict_of(gradebook: Mapping) -> Verdict:
    """The verdict that a gradebook amounts to."""
    rows = [row for exercise in gradebook["exercises"] for row in exercise["checks"]]
    checks = {row["name"]: row["outcome"] for row in rows if row["outcome"] not in ("passed", "not_run")}
    outcomes = set(checks.values())
    if "fault" in outcomes or not rows:
        return Verdict(FAULT, checks, "\n".join(row["message"] for row in rows if row["outcome"] == "fault"))
    if "timeout" in outcomes:
        return Verdict(TIMEOUT, checks)
    return Verdict(KILLED if outcomes & {"failed", "error", "todo"} else SURVIVED, checks)


# -- what is known to be equivalent -----------------------------------------------------------------------------------


def read_equivalent(file: Path) -> dict[tuple[str, str, str, str], str]:
    """The reason for each mutant that no check can tell from the answer, by its identity."""
    entries = tomllib.loads(file.read_text(encoding="utf-8")).get("mutant", [])
    names = ("exercise", "function", "before", "after")
    return {tuple(entry[name].strip() for name in names): entry["reason"] for entry in entries}


def misfits(equivalent: Mapping, trials: Sequence[Trial], known: Mapping[str, Verdict]) -> list[str]:
    """A sentence for each entry, of the exercises that were run, that does not say the truth any more."""
    found = {trial.identity: known[trial.key].outcome for trial in trials}
    exercises = {trial.exercise for trial in trials}
    wrong = []
    for identity in equivalent:
        exercise, function, before, after = identity
        outcome = found.get(identity) if exercise in exercises else SURVIVED
        if outcome != SURVIVED:
            what = "matches no mutant" if outcome is None else f"is listed as equivalent, and {outcome}"
            wrong.append(f"{exercise}, {function or 'the file'}: {before!r} -> {after!r} {what}.")
    return wrong


# -- what is printed --------------------------------------------------------------------------------------------------

COLUMNS = ("mutants", "killed", "timeout", "equivalent", "survivors", "faults")


def row_of(trials: Iterable[Trial], known: Mapping[str, Verdict], equivalent: Mapping) -> Counter:
    """The numbers of one exercise's mutants; those that were killed by a timeout count as killed, too."""
    row = Counter()
    for trial in trials:
        outcome = known[trial.key].outcome
        row["mutants"] += 1
        row["killed"] += outcome in (KILLED, TIMEOUT)
        row["timeout"] += outcome == TIMEOUT
        row["faults"] += outcome == FAULT
        row["equivalent" if trial.identity in equivalent else "survivors"] += outcome == SURVIVED
    return row


def line_of(name: str, row: Counter) -> str:
    """One line of the table, of at most 80 columns."""
    wanted = row["mutants"] - row["equivalent"]
    score = f"{100 * row['killed'] / wanted:6.2f}" if wanted else "-"
    return f"{name:<22}" + "".join(f"{row[c]:>{len(c) + 1}}" for c in COLUMNS) + f"{score:>7}"


def diff(trial: Trial, source: str, name: str) -> Iterator[str]:
    """The change as a unified diff without context."""
    lines = difflib.unified_diff(source.splitlines(), trial.mutant.source.splitlines(), name, name, "", "", 0, "")
    head, _, where, *changed = lines
    yield f"{head} {trial.mutant.function or 'module'}: {trial.mutant.operator}"
    yield where
    yield from changed


def report(trials: Sequence[Trial], known: Mapping[str, Verdict], equivalent: Mapping) -> int:
    """Print the table and all that is left to do; the exit status."""
    answers = {trial.exercise: trial for trial in trials if trial.mutant.operator == UNCHANGED}
    mutants = [trial for trial in trials if trial.mutant.operator != UNCHANGED]
    rows = {name: row_of([t for t in mutants if t.exercise == name], known, equivalent) for name in answers}
    print(f"{'':<22}" + "".join(f" {column}" for column in COLUMNS) + "  score")
    for name, row in rows.items():
        print(line_of(name, row))
    print(line_of("all", sum(rows.values(), Counter())))
    left = [t for t in mutants if known[t.key].outcome == SURVIVED and t.identity not in equivalent]
    for trial in left:
        print()
        print("\n".join(diff(trial, answers[trial.exercise].mutant.source, trial.exercise)))
    wrong = misfits(equivalent, mutants, known)
    for sentence in wrong:
        print(f"\nequivalent_mutants.toml: {sentence}")
    refused = [t for t in answers.values() if known[t.key].outcome != SURVIVED]
    for trial in refused:
        print(f"\nTHE ANSWER ITSELF IS REFUSED: {trial.exercise}: {dict(known[trial.key].checks)}")
    faults = [t for t in trials if known[t.key].outcome == FAULT]
    for trial in faults:
        print(f"\nFAULT OF THE GRADER: {trial.exercise}, {known[trial.key].said}")
        print("\n".join(diff(trial, answers[trial.exercise].mutant.source, trial.exercise)))
    return int(bool(left or wrong or refused or faults))


def main() -> int:
    """Grade, print, and say by the exit status whether something is left to do."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("exercise", nargs="*", help="names of folders, or how they begin, as 04; all by default")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many are graded at a time")
    parser.add_argument("--seed", type=int, default=0, help="what the checks draw from")
    parser.add_argument("--every-check", action="store_true", help="go on after the first check that fails")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "mutants", help="where the verdicts are kept")
    parser.add_argument("--exercises", type=Path, default=ROOT / "exercises", help="the folder of the checks")
    parser.add_argument("--solutions", type=Path, default=ROOT / "solutions", help="the folder of the answers")
    parser.add_argument("--equivalent", type=Path, default=EQUIVALENT, help="the list of equivalent mutants")
    given = parser.parse_args()
    names = sorted(folder.name for folder in given.solutions.iterdir() if folder.is_dir())
    chosen = [name for name in names if not given.exercise or name.startswith(tuple(given.exercise))]
    if not chosen:
        parser.error(f"no such exercise; there are {', '.join(names)}")
    given.out.mkdir(parents=True, exist_ok=True)
    course = Course(given.exercises.resolve(), given.solutions.resolve(), given.seed, given.every_check)
    trials = [trial for name in chosen for trial in course.trials(name)]
    known = verdicts(trials, course, given.jobs, given.out.resolve())
    return report(trials, known, read_equivalent(given.equivalent))


if __name__ == "__main__":
    sys.exit(main())
