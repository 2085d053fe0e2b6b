"""Every wrong answer loses points on the check meant for it; every right answer, in whatever style, gets them all."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import warm_grading

HERE = Path(__file__).parent
SAMPLED = 10  # of so many files, one is graded by default; `-m long` grades the others

WRONG = sorted((HERE / "misconceptions").glob("*/*.py"))
RIGHT = sorted((HERE / "alternatives").glob("*/*.py"))


def marked(files):
    """Parameters, all but a sample of them marked long."""
    return [
        pytest.param(file, id=f"{file.parent.name}/{file.stem}", marks=[] if i % SAMPLED == 0 else [pytest.mark.long])
        for i, file in enumerate(files)
    ]


@pytest.fixture(scope="session")
def gradebooks(request, tmp_path_factory):
    """The gradebooks of every file that this run asks for, by file."""
    asked = [item for item in request.session.items if "gradebooks" in getattr(item, "fixturenames", ())]
    files = [item.callspec.params["file"] for item in asked]
    out = tmp_path_factory.mktemp("gradebooks")
    command = [sys.executable, str(HERE / "warm_grading.py"), str(out), *map(str, files)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return {file: json.loads((out / warm_grading.gradebook_name(file)).read_text(encoding="utf-8")) for file in files}


def checks_of(book):
    return {check["name"]: check for exercise in book["exercises"] for check in exercise["checks"]}


@pytest.mark.parametrize("file", marked(WRONG))
def test_a_wrong_answer_fails_the_check_meant_for_it(gradebooks, file):
    meant = re.search(r"^caught_by: (\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    checks = checks_of(gradebooks[file])
    assert meant is not None, f"{file.name} does not say which check catches it"
    assert checks[meant[1]]["outcome"] in ("failed", "error"), checks[meant[1]]
    assert not [check for check in checks.values() if check["outcome"] == "fault"]


@pytest.mark.parametrize("file", marked(RIGHT))
def test_a_right_answer_gets_full_points(gradebooks, file):
    book = gradebooks[file]
    lost = {name: check["message"] for name, check in checks_of(book).items() if check["outcome"] != "passed"}
    assert not lost
    assert book["score"] == book["max_score"] > 0
