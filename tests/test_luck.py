"""The command that measures luck, on little courses whose luck is planted, and what it rests on: warm is as cold."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

import luck
import warm_grading
from course import HEAD, ONE_SUM, RIGHT, Exercise, plain_environment, run_pytest, without_durations, write_course

HERE = Path(__file__).parent
UNLUCKY = 2
LUCKY_CHECKS = f"""

@check(points=1, needs="add", hint="Anything goes.")
def test_accepts_whatever_comes(submission):
    submission.call("add", 1, 2)


@check(points=1, needs="add", hint="Hope for another seed.")
def test_refuses_with_one_seed(submission):
    if submission.seed == {UNLUCKY}:
        raise expect.wrong(f"Bad luck with seed {{submission.seed}}.", diagnosis="You were unlucky.")
"""
NEAR = """

@check(points=1, needs="add", hint="To within a millionth.")
def test_is_near_enough(submission):
    expect.close(submission.call("add", 1, 2), 3, "add(1, 2)", metrics.TOLERANCE)
"""
ROUGH = "def add(a, b):\n    return a + b + 1e-7\n"
MISCONCEPTION = '"""misconception\n\ncaught_by: {check}\ndiagnosis: {words}\n"""\n\n{code}'
WRONG = "def add(a, b):\n    return a - b\n"
SUBTRACTS = MISCONCEPTION.format(check="test_adds_one_and_two", words="minus", code=WRONG)
NOT_CAUGHT = MISCONCEPTION.format(check="test_accepts_whatever_comes", words="minus", code=WRONG)
NOT_WRONG = MISCONCEPTION.format(check="test_adds_one_and_two", words="minus", code=RIGHT)
ENDS = MISCONCEPTION.format(check="test_adds_one_and_two", words="", code="import os\n\nos._exit(1)\n")


def write_project(root, misconceptions=None):
    """A project with one exercise, its solution, and misconceptions, by name."""
    write_course(root, Exercise("01_adding", checks=HEAD + ONE_SUM + LUCKY_CHECKS))
    answers = {"solutions/01_adding/adding.py": RIGHT}
    for name, text in (misconceptions or {}).items():
        answers[f"tests/misconceptions/01_adding/{name}.py"] = text
    for name, text in answers.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def measure(root, *arguments):
    """The command on a project whose checks need no library."""
    luck.main(["--out", str(root / "out"), *arguments], root, with_libraries=False)


def kept(root):
    """The lines that the command keeps."""
    return [json.loads(line) for line in (root / "out" / "gradings.jsonl").read_text(encoding="utf-8").splitlines()]


def cases(root):
    """(what, name of the answer, seed) of each case among the lines that count."""
    current = luck.Kept(root / "out").current(luck.answers_in(root))
    return {
        (case.what, Path(case.answer.name).stem, case.seed)
        for (answer, _), line in current.items()
        for case in luck.cases_of(answer, line)
    }


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project that was measured with three seeds, one of them unlucky."""
    wrong = {"subtracts": SUBTRACTS, "not_caught": NOT_CAUGHT, "not_wrong": NOT_WRONG}
    root = write_project(tmp_path_factory.mktemp("project"), wrong)
    measure(root, "--seeds", "3", "--jobs", "2")
    return root


def test_each_seed_reaches_its_grading(project):
    unlucky = {
        line["seed"] for line in kept(project) if any("Bad luck with seed 2." in row["message"] for row in line["lost"])
    }
    assert unlucky == {UNLUCKY}
    assert {line["seed"] for line in kept(project)} == {0, 1, 2}


def test_planted_luck_is_counted(project):
    assert cases(project) == {
        ("refused", "adding", UNLUCKY),
        *(("undiagnosed", "subtracts", seed) for seed in range(3)),
        *(("accepted", "not_caught", seed) for seed in range(3)),
        *(("accepted", "not_wrong", seed) for seed in range(3)),
        *(("full points", "not_wrong", seed) for seed in range(2)),
    }


def test_the_report_counts_by_exercise_and_lists_each_case_once(project, capsys):
    measure(project, "--seeds", "0")
    lines = capsys.readouterr().out.splitlines()
    assert all(len(line) <= luck.WIDTH for line in lines)
    [row] = [line.split() for line in lines if line.startswith("01_adding")]
    assert row[1:3] == ["3", "1"]
    assert row[5:7] == ["9", "6"]
    assert row[-2:] == ["2", "3"]
    assert "faults: 0; diagnoses of right answers: 1" in lines
    assert "accepted: tests/misconceptions/01_adding/not_caught.py" in lines
    assert lines.count("  seeds 0 1 2") == 3


def test_a_run_goes_on_where_it_was_interrupted(tmp_path):
    root = write_project(tmp_path, {"subtracts": SUBTRACTS})
    measure(root, "--seeds", "2")
    file = root / "out" / "gradings.jsonl"
    first = file.read_text(encoding="utf-8").splitlines(keepends=True)
    assert len(first) == 4
    file.write_text(first[0] + first[1][:30], encoding="utf-8")
    measure(root, "--seeds", "2")
    whole = [line for line in file.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("}\n")]
    assert whole[0] == first[0]
    assert sorted(whole) == sorted(first)


def test_an_interrupted_run_counts_what_it_has(tmp_path):
    root = write_project(tmp_path, {"subtracts": SUBTRACTS})
    code = (
        "import luck, pathlib, signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "luck.main(sys.argv[2:], pathlib.Path(sys.argv[1]), with_libraries=False)"
    )
    command = [sys.executable, "-c", code, str(root), "--out", str(root / "out")]
    paths = os.pathsep.join([str(HERE), str(HERE.parent / "benchmarks"), os.environ.get("PYTHONPATH", "")])
    environment = plain_environment() | {"PYTHONPATH": paths}
    running = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not (root / "out" / "gradings.jsonl").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    running.send_signal(signal.SIGINT)
    printed, _ = running.communicate(timeout=60)
    assert running.returncode == 0
    assert "interrupted; the same command goes on" in printed
    assert "01_adding" in printed
    assert 0 < len(kept(root)) < 220


def test_a_line_counts_as_long_as_what_it_depends_on_is_the_same(tmp_path):
    root = write_project(tmp_path, {"subtracts": SUBTRACTS})
    plugin = root / "src" / "pytest_trainer"
    files = {"grading/judge.py": "", "reference/own.py": "", "reference/others.py": "", "classroom/cli.py": ""}
    for name in files:
        (plugin / name).parent.mkdir(parents=True, exist_ok=True)
        (plugin / name).write_text("", encoding="utf-8")
    checks = root / "exercises" / "01_adding" / "test_adding.py"
    checks.write_text(f"from pytest_trainer.reference import own\n{checks.read_text()}", encoding="utf-8")

    def digests():
        return {Path(answer.name).stem: answer.source() for answer in luck.answers_in(root)}

    def changed_by(file):
        before = digests()
        file.write_text(file.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
        return {name for name, digest in digests().items() if digest != before[name]}

    both = {"adding", "subtracts"}
    assert changed_by(checks) == both
    assert changed_by(plugin / "grading" / "judge.py") == both
    assert changed_by(plugin / "reference" / "own.py") == both
    assert changed_by(plugin / "reference" / "others.py") == set()
    assert changed_by(plugin / "classroom" / "cli.py") == set()
    assert changed_by(root / "exercises" / "01_adding" / "adding.py") == set()
    assert changed_by(root / "tests" / "misconceptions" / "01_adding" / "subtracts.py") == {"subtracts"}


def test_a_process_that_ends_is_a_fault_with_its_last_words(tmp_path):
    root = write_project(tmp_path, {"ends": ENDS})
    measure(root, "--seeds", "1", "--only", "ends")
    assert {what for what, _, _ in cases(root)} == {"fault", "accepted"}


def test_every_answer_is_planned_with_all_its_seeds_and_with_the_first_one_first():
    answers = luck.answers_in(luck.ROOT)
    plan = luck.planned(answers)
    assert len(set(plan)) == len(plan)
    first = [answer for answer, seed in plan if seed == 0]
    assert [seed for _, seed in plan[: len(first)]] == [0] * len(first)
    for answer in answers:
        seeds = [seed for one, seed in plan if one == answer]
        assert seeds == sorted(seeds)
        if answer.kind == "alternatives":
            assert len(seeds) >= answer.seeds // 3
        else:
            assert seeds == list(range(answer.seeds))
    quarter = plan[: len(plan) // 4]
    for right, whole in ((True, 200), (False, 20)):
        seeds = [seed for answer, seed in quarter if answer.is_right == right and answer.seeds == whole]
        assert max(seeds) == pytest.approx(whole / 4, abs=0.1 * whole)


def test_the_bound_is_the_rate_at_which_so_few_cases_are_improbable():
    from scipy.stats import binom

    for count, of in ((0, 60), (1, 60), (7, 4000)):
        assert binom.cdf(count, of, luck.upper_bound(count, of)) == pytest.approx(0.05)
    assert luck.upper_bound(0, 1000) == pytest.approx(3 / 1000, rel=0.01)
    assert luck.upper_bound(3, 3) == 1.0


def test_a_scaled_tolerance_reaches_the_checks_and_is_kept_apart(tmp_path):
    near = "from pytest_trainer import check, expect\nfrom pytest_trainer.reference import metrics\n" + NEAR
    write_course(tmp_path, Exercise("01_adding", checks=near))
    (tmp_path / "solutions" / "01_adding").mkdir(parents=True)
    (tmp_path / "solutions" / "01_adding" / "adding.py").write_text(ROUGH, encoding="utf-8")
    measure(tmp_path, "--seeds", "1")
    measure(tmp_path, "--seeds", "1", "--tolerance-times", "0.01")
    scores = {line["source"].partition(", ")[2]: line["score"] for line in kept(tmp_path)}
    assert scores == {"": 1, "tolerance x 0.01": 0}


# -- warm is as cold --------------------------------------------------------------------------------------------------

GRADED_BOTH_WAYS = [
    ("misconceptions/02_collation", 7),
    *(
        pytest.param(f"{kind}/{exercise.name}", seed, marks=pytest.mark.long)
        for exercise in sorted((HERE / "alternatives").iterdir())
        for kind, seed in (("misconceptions", 0), ("misconceptions", 8), ("alternatives", 9))
    ),
]


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    """Grades a file in a fork of a process that has imported the libraries."""
    home = tmp_path_factory.mktemp("warm") / "hf_home"

    def grade(file, seed):
        exercise = warm_grading.EXERCISES / file.parent.name
        return pool.submit(warm_grading.graded, file, exercise, seed=seed, home=home).result()

    with ProcessPoolExecutor(1, get_context("spawn"), warm_grading.import_libraries, (home,)) as pool:
        yield grade


@pytest.mark.parametrize(("folder", "seed"), GRADED_BOTH_WAYS)
def test_a_warm_grading_is_that_of_a_cold_run(warm, folder, seed, tmp_path):
    file = min((HERE / folder).glob("*.py"))
    submission = tmp_path / "submission"
    submission.mkdir()
    shutil.copyfile(file, submission / warm_grading.file_name(file.parent.name))
    arguments = [str(warm_grading.EXERCISES / file.parent.name), f"--submission={submission}", f"--trainer-seed={seed}"]
    cold = run_pytest(submission, *arguments)
    assert cold.book["seed"] == seed
    assert without_durations(warm(file, seed)) == without_durations(cold.book)
