"""Options and marks that cannot be meant so: one sentence, exit status 4, and nothing is graded."""

import os
from pathlib import Path

import pytest

from course import HEAD, RIGHT, Exercise, Run, run_pytest, write_course

REFUSED = [
    (["--submission", "nowhere"], "--submission nowhere does not exist; name the folder that holds"),
    (["--submission", "a_file"], "--submission a_file is a file; name the folder that holds"),
    (["--gradebook", "nowhere/book.json"], "--gradebook nowhere/book.json cannot be written: "),
    (["--gradebook", "exercises"], "--gradebook exercises is a folder; name a file in it."),
    (["--gradebook", "a_file/book.json"], "--gradebook a_file/book.json cannot be written"),
    (["--trainer-seed", "two"], "--trainer-seed is a whole number from 0 up, not 'two'."),
    (["--trainer-seed", "1.5"], "--trainer-seed is a whole number from 0 up, not '1.5'."),
    (["--trainer-seed=-1"], "--trainer-seed is a whole number from 0 up, not '-1'."),
    (["--trainer-seed", "²"], "--trainer-seed is a whole number from 0 up, not '²'."),
    (["--trainer-seed="], "--trainer-seed is a whole number from 0 up, not ''."),
    (["--trainer-data", "exercises"], "--trainer-data exercises lacks train.parquet, validation.parquet, test.parquet"),
    (["--trainer-data", "nowhere"], "--trainer-data nowhere lacks train.parquet"),
    (["--trainer-checkpoint", "exercises"], "--trainer-checkpoint exercises has no config.json; name the folder"),
    (["--trainer-isolation", "jail"], "argument --trainer-isolation: invalid choice: 'jail' (choose from"),
    (["--trainer-device", "tpu"], "argument --trainer-device: invalid choice: 'tpu' (choose from"),
]


def assert_refused(run: Run, sentence: str) -> None:
    assert run.is_clean()
    assert sentence in run.text + run.errors
    assert run.status == pytest.ExitCode.USAGE_ERROR
    assert "total" not in run.text
    assert not run.gradebook.exists()


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED, ids=[" ".join(given) for given, _ in REFUSED])
def test_an_option_that_cannot_be_meant_so_is_refused(
    pytester: pytest.Pytester, arguments: list[str], sentence: str
) -> None:
    write_course(pytester.path, Exercise("01_adding", RIGHT))
    (pytester.path / "a_file").write_text("")
    result = pytester.runpytest_inprocess("exercises", *arguments)
    run = Run(result.ret, result.stdout.str(), result.stderr.str(), pytester.path / "none")
    assert_refused(run, sentence)


def test_a_gradebook_without_permission_is_refused(tmp_path: Path) -> None:
    if os.access("/root", os.W_OK):
        pytest.skip("root writes everywhere")
    write_course(tmp_path, Exercise("01_adding", RIGHT))
    (tmp_path / "closed").mkdir(mode=0o500)
    run = run_pytest(tmp_path, "exercises", "--gradebook", "closed/book.json")
    assert_refused(run, "--gradebook closed/book.json cannot be written: no permission; name another place.")


def test_a_gradebook_that_turns_unwritable_while_running_is_said_and_seen(tmp_path: Path) -> None:
    moving = "import shutil\n\n\ndef add(a, b):\n    shutil.rmtree({!r}, ignore_errors=True)\n    return a + b\n"
    (tmp_path / "out").mkdir()
    write_course(tmp_path, Exercise("01_adding", moving.format(str(tmp_path / "out"))))
    run = run_pytest(tmp_path, "exercises", "--gradebook", "out/book.json")
    assert run.status not in (0, 1)
    run.matcher.fnmatch_lines(["*--gradebook *out/book.json could not be written: No such file or directory."])
    assert run.is_clean()


def test_an_old_gradebook_is_written_over(tmp_path: Path) -> None:
    write_course(tmp_path, Exercise("01_adding", RIGHT))
    (tmp_path / "book.json").write_text("an old one")
    assert run_pytest(tmp_path, "exercises", "--gradebook", "book.json").status == 0
    assert (tmp_path / "book.json").read_text().startswith('{\n  "schema": 1')


MISSPELT = (
    'point=3, needs="add"',
    "@check has no word 'point'; it knows points, needs, hint, evidence, after, full_run.",
)
MISTAKEN = ('points="3", needs="add"', "@check(points=...) is a whole number of at least 1, not '3'.")


@pytest.mark.parametrize(
    ("mistake", "workers"),
    [(MISSPELT, ()), (MISTAKEN, ()), (MISSPELT, ("-n", "1"))],
    ids=["word", "value", "word under xdist"],
)
def test_a_misspelt_check_is_refused_with_its_node_id(
    tmp_path: Path, mistake: tuple[str, str], workers: tuple[str, ...]
) -> None:
    words, sentence = mistake
    checks = f"{HEAD}\n\n@check({words})\ndef test_adds(submission):\n    pass\n"
    write_course(tmp_path, Exercise("01_adding", RIGHT, checks))
    run = run_pytest(tmp_path, "exercises", *workers)
    assert_refused(run, f"01_adding/test_adding.py::test_adds: {sentence}")


def test_help_names_every_option(pytester: pytest.Pytester) -> None:
    text = pytester.runpytest_inprocess("--help").stdout.str()
    for option in ("submission", "gradebook", "trainer-seed", "trainer-isolation", "trainer-data", "trainer-device"):
        assert f"--{option}" in text


def test_the_header_says_what_grades_whom(tmp_path: Path) -> None:
    write_course(tmp_path, Exercise("01_adding"))
    (tmp_path / "ann").mkdir()
    run = run_pytest(tmp_path, "exercises", "--trainer-seed", "5")
    run.matcher.fnmatch_lines(["pytest-trainer: grading the stubs beside the checks; seed 5, isolation none"])
    run = run_pytest(tmp_path, "exercises", "--submission", "ann")
    run.matcher.fnmatch_lines(["pytest-trainer: grading *ann; seed 0, isolation none", "*offline*stand-ins*"])
