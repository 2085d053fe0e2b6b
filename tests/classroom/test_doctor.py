"""`pytest-trainer doctor` on machines on which one thing is not as it should be."""

import sys
from pathlib import Path

import pytest

from course import run_command
from pytest_trainer.classroom.doctor import COURSE, FULL_RUN, Finding, State, report_lines


def doctor(folder, **environment):
    return run_command(folder, sys.executable, "-m", "pytest_trainer", "doctor", **environment)


def text_of(ended):
    """The page as running text."""
    return " ".join(ended.stdout.split())


def fake(folder, name, version, code=""):
    """A library of this name and version before the real one on the path."""
    (folder / f"{name}.py").write_text(code)
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")


OFFLINE = {"HF_ENDPOINT": "http://127.0.0.1:9"}


def test_the_course_can_run_without_gpu_cache_and_network(tmp_path):
    ended = doctor(tmp_path, HF_HOME=str(tmp_path / "home"), CUDA_VISIBLE_DEVICES="", **OFFLINE)
    page = text_of(ended)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "The course can run here. Full runs need what is marked 'no'." in page
    assert "no no GPU: torch" in page
    assert "add --trainer-device cpu" in page
    assert "http://127.0.0.1:9 does not answer" in page
    assert "pass folders by --trainer-checkpoint and --trainer-data." in page
    assert f"bert-base-uncased is not in the cache {tmp_path / 'home'}" in page
    assert all(len(line) < 80 for line in ended.stdout.splitlines())
    assert ended.stdout.isascii()


STANDING_IN = {
    "torch": "tensor, __version__ = 1, '2.13.0'\nclass version: cuda = None\nclass cuda: is_available = lambda: False",
    "transformers": "Trainer = 1",
    "datasets": "Dataset = 1",
    "evaluate": "load = 1",
}
VERSIONS = {"torch": "2.13.0", "transformers": "5.24.0", "datasets": "5.2.0", "evaluate": "0.4.6"}


def machine(folder, codes=(), versions=()):
    """The environment of a machine on which these libraries, quick to import, come before the real ones."""
    for name in STANDING_IN:
        fake(folder, name, dict(versions).get(name, VERSIONS[name]), dict(codes).get(name, STANDING_IN[name]))
    return {"PYTHONPATH": str(folder), **OFFLINE}


def test_an_old_library_is_named_with_what_to_install(tmp_path):
    ended = doctor(tmp_path, **machine(tmp_path, versions={"transformers": "4.30.0"}))
    assert ended.returncode == 1
    assert "no transformers 4.30.0 is too old: pip install 'transformers>=4.57'" in text_of(ended)
    assert "The course cannot run here yet" in text_of(ended)


def test_a_broken_library_is_named(tmp_path):
    broken = "raise OSError('libfoo.so: cannot open shared object file')"
    ended = doctor(tmp_path, **machine(tmp_path, codes={"evaluate": broken}))
    assert ended.returncode == 1
    assert "evaluate is installed and cannot be imported (OSError: libfoo.so: cannot open" in text_of(ended)
    assert "Traceback" not in ended.stdout + ended.stderr


def test_a_plugin_that_is_switched_off_is_named(tmp_path):
    environment = machine(tmp_path)
    unloaded = doctor(tmp_path, **environment, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    assert (unloaded.returncode, "PYTEST_DISABLE_PLUGIN_AUTOLOAD is set" in text_of(unloaded)) == (1, True)
    blocked = doctor(tmp_path, **environment, PYTEST_ADDOPTS="-p no:trainer")
    assert (blocked.returncode, "PYTEST_ADDOPTS switches the plugin off" in text_of(blocked)) == (1, True)


@pytest.mark.parametrize(
    ("findings", "last"),
    [
        ([], "The course can run here. So can full runs."),
        (
            [Finding(COURSE, State.NO, "x"), Finding(FULL_RUN, State.NO, "y")],
            "The course cannot run here yet: see each 'no' above.",
        ),
        ([Finding(COURSE, State.NOTE, "x")], "The course can run here. So can full runs."),
        ([Finding(FULL_RUN, State.NO, "y")], "The course can run here. Full runs need what is marked 'no'."),
    ],
)
def test_the_last_line_says_what_follows(findings, last):
    assert report_lines(findings)[-1] == last


def test_long_findings_are_wrapped():
    lines = report_lines([Finding(COURSE, State.NO, "word " * 60 + str(Path("a") / ("b" * 120)))])
    assert any(line.startswith("        ") for line in lines)
    assert all(len(line) <= 79 for line in lines if "bbb" not in line)
