"""Measures luck: whether a grade depends on --trainer-seed.

    python benchmarks/luck.py --out FOLDER [--only TEXT] [--seeds N] [--jobs N] [--tolerance-times X]

Grades right answers (solutions/, and five of tests/alternatives/ in turn) and wrong ones (tests/misconceptions/) with
many seeds. Counts the right answers that lost a point, and the wrong ones that passed the check meant for them, got
full points, or did not get the diagnosis that their file promises.

FOLDER keeps a line for each grading, so that a run goes on where an earlier one was interrupted. A line counts as long
as the answer, the exercise's checks, the plugin and the libraries are what they were.

With another tolerance it tells how near answers come to it: right ones should still pass with a hundredth of it
(--tolerance-times 0.01 --only alternatives), wrong ones still be caught with a hundred times as much.
"""

import argparse
import contextlib
import itertools
import json
import multiprocessing
import os
import re
import signal
import sys
import tempfile
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sources import digest, sources

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import warm_grading  # noqa: E402 - the tests grade so too

SEEDS = (200, 20)  # for a right and for a wrong answer
# 05 and 06 train; 08 draws nothing.
FEWER_SEEDS = {"05_training_run": (30, 5), "06_accumulation": (30, 5), "08_quiz": (2, 1)}
ALTERNATIVES = 5  # graded with each seed, of however many there are
CONFIDENCE = 0.95
WIDTH = 80

Line = dict[str, Any]
"""A grading as it is kept: file, seed, source (a digest), score, max_score, lost (the checks that did not pass)."""


# -- what there is to grade -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """One exercise's answer: a file, named relative to the project's root."""

    root: Path
    name: str
    tolerance_times: float = 1.0

    @property
    def file(self) -> Path:
        return self.root / self.name

    @property
    def exercise(self) -> str:
        return self.file.parent.name

    @property
    def kind(self) -> str:
        """solutions, alternatives or misconceptions."""
        return self.file.parent.parent.name

    @property
    def is_right(self) -> bool:
        return self.kind != "misconceptions"

    @property
    def seeds(self) -> int:
        right, wrong = FEWER_SEEDS.get(self.exercise, SEEDS)
        return right if self.is_right else wrong

    @cached_property
    def head(self) -> Mapping[str, str]:
        """What a misconception's first lines say: caught_by, and some words of the diagnosis where it promises one."""
        if self.is_right:
            return {}
        lines = re.findall(r"^(\w+): (.+)$", self.file.read_text(encoding="utf-8-sig"), re.MULTILINE)
        return {key: text.strip() for key, text in reversed(lines)}

    def source(self) -> str:
        """The digest of what its grades depend on, as it is on disk now."""
        stub = warm_grading.file_name(self.exercise)
        found = digest(self.root, [*sources(self.root, self.exercise, stub), self.file])
        return found if self.tolerance_times == 1.0 else f"{found}, tolerance x {self.tolerance_times:g}"


def answers_in(root: Path, only: str = "", tolerance_times: float = 1.0) -> list[Answer]:
    """The answers whose path contains `only`, by exercise and kind."""
    files = [*root.glob("solutions/*/*.py"), *root.glob("tests/alternatives/*/*.py")]
    files += root.glob("tests/misconceptions/*/*.py")
    names = [str(file.relative_to(root)) for file in files]
    answers = [Answer(root, name, tolerance_times) for name in names if only in name]
    return sorted(answers, key=lambda one: (one.exercise, not one.is_right, one.kind, one.name))


def planned(answers: Sequence[Answer], seeds: int | None = None) -> list[tuple[Answer, int]]:
    """Every grading wanted; at any moment of a run all answers have had about the same share of their seeds."""
    wanted = []
    for _, group in itertools.groupby(answers, key=lambda one: (one.exercise, one.kind)):
        alike = list(group)
        many = alike[0].seeds if seeds is None else min(seeds, alike[0].seeds)
        wanted += [(answer, seed) for seed in range(many) for answer in _in_turn(alike, seed)]
    return sorted(wanted, key=lambda one: one[1] / one[0].seeds)


def _in_turn(alike: Sequence[Answer], seed: int) -> Sequence[Answer]:
    if alike[0].kind != "alternatives" or len(alike) <= ALTERNATIVES:
        return alike
    return [alike[(seed * ALTERNATIVES + i) % len(alike)] for i in range(ALTERNATIVES)]


# -- grading ----------------------------------------------------------------------------------------------------------


class Kept:
    """The lines of this run and of earlier ones, in FOLDER/gradings.jsonl."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / "gradings.jsonl"
        if self.file.exists() and not self.file.read_bytes().endswith(b"\n"):
            self.file.write_bytes(self.file.read_bytes() + b"\n")  # an interrupt cut its last line off

    def add(self, line: Line) -> None:
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def current(self, answers: Iterable[Answer]) -> dict[tuple[Answer, int], Line]:
        """The lines that still count."""
        source = {one.name: (one, one.source()) for one in answers}
        found = {}
        for line in self._lines():
            answer, now = source.get(line["file"], (None, ""))
            if answer is not None and line["source"] == now:
                found[answer, line["seed"]] = line
        return found

    def _lines(self) -> Iterator[Line]:
        texts = self.file.read_text(encoding="utf-8").splitlines() if self.file.exists() else []
        for text in texts:
            with contextlib.suppress(json.JSONDecodeError):
                yield json.loads(text)


def measure(todo: Sequence[tuple[Answer, int]], kept: Kept, jobs: int, with_libraries: bool = True) -> bool:
    """Grade and keep lines; whether it came to the end without an interrupt."""
    with tempfile.TemporaryDirectory() as name:
        homes = Path(name).resolve() if with_libraries else None
        context = multiprocessing.get_context("spawn")
        source = {answer: answer.source() for answer in {answer for answer, _ in todo}}
        with ProcessPoolExecutor(jobs, context, _begin_worker, (homes,)) as pool:
            futures = {pool.submit(_graded, answer, seed, homes): answer for answer, seed in todo}
            try:
                for future in as_completed(futures):
                    answer = futures.pop(future)
                    if answer.source() == source[answer]:  # else something was edited in the meantime
                        kept.add({"file": answer.name, "source": source[answer], **future.result()})
            except KeyboardInterrupt:
                pool.shutdown(cancel_futures=True)
                return False
    return True


def _begin_worker(homes: Path | None) -> None:
    """Prepare a process that forks one for each grading. An interrupt is for the one that counts."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Locks that a grading makes, as progress bars do, would otherwise be left behind, each with a name of its own.
    multiprocessing.set_start_method("fork", force=True)
    if homes is not None:
        warm_grading.import_libraries(_home(homes))


def _home(homes: Path) -> Path:
    return homes / str(os.getpid()) / "hf_home"


def _graded(answer: Answer, seed: int, homes: Path | None) -> Line:
    """One grading. Of a wrong answer only the check meant for it is run, and the others where that one lets it pass."""
    meant = answer.head.get("caught_by", "")
    line = _graded_by(meant, answer, seed, homes)
    return line if line["lost"] or not meant else _graded_by("", answer, seed, homes)


def _graded_by(check: str, answer: Answer, seed: int, homes: Path | None) -> Line:
    try:
        book = warm_grading.graded(
            answer.file,
            answer.root / "exercises" / answer.exercise,
            check=check,
            seed=seed,
            home=_home(homes) if homes is not None else None,
            tolerance_times=answer.tolerance_times,
        )
    except warm_grading.Unfinished as error:
        fault = {"check": check, "outcome": "fault", "message": _one_line(str(error)), "diagnosis": ""}
        return {"seed": seed, "score": 0, "max_score": 0, "lost": [fault]}
    rows = [row for exercise in book["exercises"] for row in exercise["checks"] if row["outcome"] != "passed"]
    said = ("outcome", "message", "diagnosis")
    lost = [{"check": row["name"]} | {key: _one_line(row[key]) for key in said} for row in rows]
    return {"seed": book["seed"], "score": book["score"], "max_score": book["max_score"], "lost": lost}


def _one_line(text: str) -> str:
    return " ".join(text.split())


# -- counting ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """One thing that luck may have decided, with one seed."""

    what: str
    answer: Answer
    seed: int
    check: str
    said: str


def cases_of(answer: Answer, line: Line) -> list[Case]:
    """What is wrong with one grading."""
    lost = {row["check"]: row for row in line["lost"]}
    found = [("fault", row) for row in lost.values() if row["outcome"] == "fault"]
    if answer.is_right:
        found += [("refused", row) for row in lost.values() if row["outcome"] != "fault"]
    else:
        meant = lost.get(answer.head["caught_by"], {"outcome": "passed", "message": "", "diagnosis": ""})
        meant = {"check": answer.head["caught_by"], **meant}
        if meant["outcome"] not in ("failed", "error"):
            found.append(("accepted", meant))
        elif answer.head.get("diagnosis", "") not in meant["diagnosis"]:
            found.append(("undiagnosed", meant))
        if line["score"] == line["max_score"] > 0:
            found.append(("full points", meant))
    return [Case(what, answer, line["seed"], row["check"], _said(row)) for what, row in found]


def _said(row: Mapping[str, str]) -> str:
    diagnosis = f" Diagnosis: {row['diagnosis']}" if row["diagnosis"] else ""
    return f"{row['outcome']}. {row['message']}{diagnosis}"


def upper_bound(count: int, of: int) -> float:
    """The one-sided exact (Clopper-Pearson) bound on a rate; about 3 / of where the count is 0."""
    from scipy.special import betaincinv

    return 1.0 if count >= of else float(betaincinv(count + 1, of - count, CONFIDENCE))


def report(gradings: Mapping[tuple[Answer, int], Line]) -> list[str]:
    """The counts by exercise, then every case."""
    cases = [case for (answer, _), line in gradings.items() for case in cases_of(answer, line)]
    lines = [
        f"{'':22}{'right answers':^24}{'wrong answers':^34}",
        f"{'':22}{'graded':>7}{'refused':>8}{'up to':>8}{'graded':>8}{'accepted':>9}{'up to':>8}{'full':>5}{'mute':>5}",
    ]
    exercises = sorted({answer.exercise for answer, _ in gradings})
    lines += [_row(exercise or "all", exercise, gradings, cases) for exercise in (*exercises, "")]
    faults = sum(case.what == "fault" for case in cases)
    diagnosed = sum(case.what == "refused" and "Diagnosis:" in case.said for case in cases)
    lines += [
        f"faults: {faults}; diagnoses of right answers: {diagnosed}",
        "",
        f"up to: the rate is below this with {CONFIDENCE:.0%} confidence (Clopper-Pearson)",
        "accepted: passed the check meant for it; full: lost no point at all;",
        "mute: the check's diagnosis lacks the words that the file promises",
    ]
    return [*lines, *_listed(cases)]


def _row(title: str, exercise: str, gradings: Iterable[tuple[Answer, int]], cases: Iterable[Case]) -> str:
    graded = Counter(answer.is_right for answer, _ in gradings if exercise in answer.exercise)
    gradings_with = {(case.what, case.answer, case.seed) for case in cases if exercise in case.answer.exercise}
    count = Counter(what for what, _, _ in gradings_with)
    return (
        f"{title:22}{graded[True]:7}{count['refused']:8}{_bound(count['refused'], graded[True]):>8}"
        f"{graded[False]:8}{count['accepted']:9}{_bound(count['accepted'], graded[False]):>8}"
        f"{count['full points']:5}{count['undiagnosed']:5}"
    )


def _bound(count: int, of: int) -> str:
    return f"{100 * upper_bound(count, of):.2f} %" if of else "-"


def _listed(cases: Iterable[Case]) -> Iterator[str]:
    """One entry for each kind of case, answer and check: the seeds, and what was said with the first of them."""

    def kind(case: Case) -> tuple[str, str, str]:
        return case.what, case.answer.name, case.check

    for (what, name, check), group in itertools.groupby(sorted(cases, key=lambda case: (*kind(case), case.seed)), kind):
        alike = list(group)
        seeds = textwrap.shorten(" ".join(str(case.seed) for case in alike), WIDTH // 2, placeholder=" ...")
        yield ""
        yield f"{what}: {name}"
        yield f"  seed{'s' * (len(alike) > 1)} {seeds}"
        yield from textwrap.wrap(f"{check}: {alike[0].said}", WIDTH, initial_indent="  ", subsequent_indent="    ")


# -- the command ------------------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None, root: Path = ROOT, with_libraries: bool = True) -> None:
    """Grade what is not graded yet, and print the counts of all that is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="keeps the gradings")
    parser.add_argument("--only", default="", metavar="TEXT", help="only answers with TEXT in their path")
    parser.add_argument("--seeds", type=int, metavar="N", help="at most N for each answer; 0: print the counts only")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="gradings at a time (default 1)")
    parser.add_argument(
        "--tolerance-times", type=float, default=1.0, metavar="X", help="multiply the oracles' tolerances (default 1)"
    )
    options = parser.parse_args(arguments)
    answers, kept = answers_in(root, options.only, options.tolerance_times), Kept(options.out)
    done = kept.current(answers)
    todo = [one for one in planned(answers, options.seeds) if one not in done]
    print(f"{len(done)} gradings kept, {len(todo)} to do", flush=True)
    complete = not todo or measure(todo, kept, options.jobs, with_libraries)
    if not complete:
        print("interrupted; the same command goes on")
    print(*report(kept.current(answers)), sep="\n")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a job that is ended from outside counts as well
    main()
