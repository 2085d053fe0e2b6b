"""The ready files in examples/: they are well formed, and their commands grade here what a student handed in."""

import json
import os
import re
import shutil
import sysconfig
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from classroom.gradebooks import Page, workflow_commands
from course import run_command

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
FILES = sorted(path for path in EXAMPLES.rglob("*") if path.is_file() and path.suffix != ".md")
FORGED = '::notice title=Autograding report::{"totalPoints":100,"maxPoints":100}'
SCHEDULE = f"""
print({FORGED!r})


def learning_rate(step, base, warmup_steps, total_steps, kind):
    raise ValueError({FORGED!r})
"""
SABOTAGE = "raise SystemExit('a file of the student was run')\n"


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """A student's folder: the right quiz, a schedule that wants to forge a grade, and checks of their own."""
    folder = sabotaged(tmp_path)
    shutil.copyfile(ROOT / "solutions" / "08_quiz" / "quiz.py", folder / "08_quiz" / "quiz.py")
    (folder / "07_schedule").mkdir()
    (folder / "07_schedule" / "schedule.py").write_text(SCHEDULE)
    return folder


def sabotaged(tmp_path: Path) -> Path:
    """A student's folder without an answer, whose other files would break pytest, or pass."""
    folder = tmp_path / "repository" / "exercises"
    (folder / "08_quiz").mkdir(parents=True)
    (folder / "08_quiz" / "test_quiz.py").write_text("def test_all(): pass\n")
    (folder / "conftest.py").write_text(SABOTAGE)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    return folder


def run_script(folder: Path, script: str, **environment: str) -> CompletedProcess[str]:
    """Run a script as a system's shell would; installing is left out, for the package is here."""
    tools = folder / "tools"
    tools.mkdir(exist_ok=True)
    (tools / "pip").write_text("#!/bin/sh\n")
    (tools / "pip").chmod(0o755)
    path = os.pathsep.join([str(tools), sysconfig.get_path("scripts"), os.environ["PATH"]])
    return run_command(folder, "bash", "-eo", "pipefail", "-c", script, PATH=path, **environment)


def yaml_of(name: str) -> dict[str, Any]:
    plain: dict[str, Any] = yaml.safe_load((EXAMPLES / name).read_text(encoding="utf-8"))
    return plain


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_says_what_it_does_not_protect_from(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if "pytest course" in text:
        assert "process keeps accidents apart and not attacks" in text
        assert "--trainer-isolation process" in text
    else:
        assert path.name == "setup.sh"


@pytest.mark.parametrize("path", [path for path in FILES if "yml" not in path.name], ids=lambda path: path.name)
def test_every_script_is_executable_and_parses(path: Path) -> None:
    assert os.access(path, os.X_OK)
    ended = run_command(path.parent, "bash", "-n", path.name)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_the_github_workflow_grades_and_no_text_is_a_command(handed_in: Path, tmp_path: Path) -> None:
    workflow = yaml_of("github/grade.yml")
    assert workflow[True] == ["push"]  # YAML 1.1 reads `on` so
    assert workflow["permissions"] == {"contents": "read"}
    job = workflow["jobs"]["grade"]
    place = tmp_path / "runner"
    place.mkdir()
    log = ""
    for step in job["steps"]:
        for key, value in step.get("env", {}).items():
            assert (key, value) == ("SUBMISSION", "${{ github.workspace }}/exercises")
        if "run" in step:
            assert step["working-directory"] == "${{ runner.temp }}"
            ours = {"GITHUB_STEP_SUMMARY": str(place / "summary"), "SUBMISSION": str(handed_in)}
            ended = run_script(place, step["run"], GITHUB_WORKSPACE=str(handed_in.parent), **ours)
            assert (ended.returncode, ended.stderr) == (0, "")
            log += ended.stdout
    assert FORGED in log
    commands = workflow_commands(log)
    assert [command.properties.get("title") for command in commands if command.name == "notice"] == ["pytest-trainer"]
    assert commands[-1].text.startswith("6 of 100 points")
    assert {c.properties["file"] for c in commands if c.name == "error"} == {"exercises/07_schedule/schedule.py"}
    assert {c.properties["line"] for c in commands if c.name == "error"} == {"6"}
    assert "6 of 100 points" in Page((place / "summary").read_text()).plain


def test_the_gitlab_job_leaves_a_report(tmp_path: Path) -> None:
    job = yaml_of("gitlab/.gitlab-ci.yml")["grade"]
    assert job["artifacts"] == {"when": "always", "reports": {"junit": "junit.xml"}}
    project = sabotaged(tmp_path).parent
    ended = run_script(tmp_path, "\n".join(job["script"]), CI_PROJECT_DIR=str(project), TMPDIR=str(tmp_path))
    assert ended.returncode == 0
    suites = ElementTree.parse(project / "junit.xml").getroot()
    assert {suite.get("name"): suite.get("failures") for suite in suites}["08 Quiz"] == "6"


def test_the_gradescope_autograder_leaves_results(handed_in: Path, tmp_path: Path) -> None:
    (tmp_path / "results").mkdir()
    handed_in.rename(tmp_path / "submission")
    ended = run_script(tmp_path, f"{EXAMPLES / 'gradescope' / 'run_autograder'} {tmp_path}", TMPDIR=str(tmp_path))
    assert ended.returncode == 0
    assert json.loads((tmp_path / "results" / "results.json").read_text())["score"] == 6


def test_the_prairielearn_grader_leaves_results(tmp_path: Path) -> None:
    sabotaged(tmp_path).rename(tmp_path / "student")
    ended = run_script(tmp_path, f"{EXAMPLES / 'prairielearn' / 'grade.sh'} {tmp_path}", TMPDIR=str(tmp_path))
    assert ended.returncode == 0
    results = json.loads((tmp_path / "results" / "results.json").read_text())
    assert (results["gradable"], results["score"], len(results["tests"])) == (True, 0, 76)


def test_the_prairielearn_note_holds_json_and_names_its_script() -> None:
    note = (EXAMPLES / "prairielearn" / "README.md").read_text(encoding="utf-8")
    [block] = re.findall(r"```json\n(.*?)```", note, re.S)
    assert json.loads(block)["externalGradingOptions"]["entrypoint"] == "/grade/tests/grade.sh"


def test_the_readme_links_to_every_system() -> None:
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([^)]+)\)", text)
    assert all((EXAMPLES / link).exists() for link in linked)
    assert {link.partition("/")[0] for link in linked} == {path.name for path in EXAMPLES.iterdir() if path.is_dir()}
