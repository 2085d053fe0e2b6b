"""Somebody else's project in the same environment runs as if we were not there."""

import re

import pytest

from course import plain_environment

CONFTEST = """
import pytest


def pytest_addoption(parser):
    parser.addoption("--device", default="cpu")
    parser.addoption("--seed", type=int, default=0)
    parser.addoption("--isolation", default="none")
    parser.addoption("--checkpoint", default="mine")


@pytest.fixture
def device(request):
    return request.config.getoption("--device")


@pytest.fixture(scope="session")
def checkpoint(request):
    return request.config.getoption("--checkpoint")


@pytest.fixture
def submission(device):
    return {"theirs": device}


@pytest.fixture
def raw_datasets():
    return ["theirs"]
"""
INI = """
[pytest]
addopts = --strict-markers --strict-config
markers =
    gpu: needs a device of ours
    check(points): a mark of ours
filterwarnings = error
"""
TESTS = """
import pytest


def test_submission_is_theirs(submission, raw_datasets, checkpoint, request):
    assert submission == {"theirs": request.config.getoption("--device")}
    assert raw_datasets == ["theirs"]
    assert checkpoint == "mine"


@pytest.mark.gpu
def test_on_their_device(device):
    assert device == "cpu"


@pytest.mark.check(3)
def test_that_fails(submission):
    assert submission == {}


@pytest.mark.skip(reason="later")
def test_later():
    pass


@pytest.mark.xfail(strict=True)
def test_known():
    raise NotImplementedError


@pytest.fixture
def broken():
    raise RuntimeError("theirs")


def test_with_an_error(broken):
    pass


class TestMore:
    @pytest.mark.parametrize("number", range(3))
    def test_number(self, number, tmp_path):
        print("number", number)
        assert number < 2
"""
WAYS = [
    (),
    ("-v",),
    ("-rA",),
    ("-m", "gpu"),
    ("-m", "not gpu", "--device", "cuda", "--seed", "5"),
    ("-k", "number", "-x"),
    ("--co",),
    ("--setup-plan",),
    ("--markers",),
    ("exercises_of_theirs",),
    ("no_such_file.py",),
]


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    environment = plain_environment()
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setenv("PYTEST_ADDOPTS", environment["PYTEST_ADDOPTS"])
    pytester.makeini(INI)
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(test_theirs=TESTS)
    theirs = pytester.mkdir("exercises_of_theirs") / "01_first"
    theirs.mkdir()
    (theirs / "test_first.py").write_text("def test_one(submission):\n    assert submission\n")
    return pytester


def seen(lines: list[str]) -> list[str]:
    """The lines without what differs anyway: plugins, durations, folders, addresses, and our own marks."""
    ours = ("plugins:", "@pytest.mark.trainer_check", "@pytest.mark.gpu: a full training run")
    kept = [line for line in lines if not line.startswith(ours)]
    kept = [re.sub(r"in \d+\.\d+s( \(.*\))?", "in TIME", line).strip("=") for line in kept]
    return [re.sub(r"0x[0-9a-f]+|basetemp=\S+|pytest-of-\S+|runpytest-\d+", "X", line) for line in kept if line]


@pytest.mark.parametrize("way", WAYS, ids=[" ".join(way) or "plain" for way in WAYS])
def test_runs_as_without_us(project: pytest.Pytester, way: tuple[str, ...]) -> None:
    with_us = project.runpytest_inprocess(*way)
    without_us = project.runpytest_inprocess(*way, "-p", "no:trainer")
    assert with_us.ret == without_us.ret
    assert seen(with_us.outlines) == seen(without_us.outlines)
    assert seen(with_us.errlines) == seen(without_us.errlines)


def test_their_outcomes_are_their_own(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess()
    result.assert_outcomes(passed=5, failed=2, errors=1, skipped=1, xfailed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "pytest-trainer" not in "\n".join(result.outlines)


def test_their_runs_write_no_gradebook(project: pytest.Pytester) -> None:
    project.runpytest_inprocess("--gradebook", "book.json")
    assert not (project.path / "book.json").exists()


TELLS_WHAT_IS_LOADED = """
import sys


def pytest_unconfigure():
    print("loaded:", *sorted(sys.modules))
"""
OURS = [
    "pytest_trainer",
    "pytest_trainer.grading",
    "pytest_trainer.grading.check",
    "pytest_trainer.plugin",
]


def test_nothing_of_ours_but_the_options_is_imported(project: pytest.Pytester) -> None:
    project.makepyfile(conftest=TELLS_WHAT_IS_LOADED, test_theirs="def test_one():\n    pass\n")
    result = project.runpytest_subprocess("test_theirs.py")
    [loaded] = [line.split()[1:] for line in result.outlines if line.startswith("loaded:")]
    assert [name for name in loaded if name.startswith("pytest_trainer")] == OURS
    assert not {"torch", "transformers", "datasets", "evaluate", "numpy"} & set(loaded)


SPREAD = """
import os
import time

import pytest


@pytest.mark.parametrize("number", range(20))
def test_number(number, worker_id):
    time.sleep(0.02)
    with open("workers", "a") as workers:
        print(worker_id, file=workers)
"""


def test_xdist_spreads_the_tests_of_one_file_as_ever(project: pytest.Pytester) -> None:
    project.makepyfile(test_theirs=SPREAD)
    result = project.runpytest_subprocess("-n", "2")
    assert result.ret == 0
    assert set((project.path / "workers").read_text().split()) == {"gw0", "gw1"}


def test_xdist_ends_as_without_us(project: pytest.Pytester) -> None:
    with_us = project.runpytest_subprocess("-n", "2")
    without_us = project.runpytest_subprocess("-n", "2", "-p", "no:trainer")
    assert with_us.ret == without_us.ret
    assert with_us.parseoutcomes() == without_us.parseoutcomes()
    assert seen(with_us.outlines)[:5] == seen(without_us.outlines)[:5]


def test_we_can_be_switched_off(project: pytest.Pytester) -> None:
    result = project.runpytest_inprocess("-p", "no:trainer", "--submission", "x")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
