"""Every wrong answer loses points on the check meant for it, and reads which misconception it shows; every right
answer, in whatever style, gets all points, and nothing that could explain a failure explains it.

`--trainer-isolation process` grades them with the student's code in processes of its own.
"""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import matrix
import warm_grading

HERE = Path(__file__).parent
SAMPLED = 10  # of so many files, one is graded by default; `-m long` grades the others
DIAGNOSED = 0.95  # the least share of wrong answers whose head asks for a diagnosis

WRONG = sorted((HERE / "misconceptions").glob("*/*.py"))
RIGHT = sorted((*(HERE / "alternatives").glob("*/*.py"), *(HERE.parent / "solutions").glob("*/*.py")))


def marked(files):
    """Parameters, all but a sample of them marked long."""
    return [
        pytest.param(file, id=f"{file.parent.name}/{file.stem}", marks=[] if i % SAMPLED == 0 else [pytest.mark.long])
        for i, file in enumerate(files)
    ]


@dataclass(frozen=True)
class Head:
    """What a wrong answer's docstring says of it.

    `diagnosis` are words of the diagnosis that its student has to read; `message`, in its place, are words of the
    check's own message where that is all the explanation that there can be.
    """

    misconception: str
    caught_by: str
    diagnosis: str
    message: str


def head_of(file):
    """The head of a wrong answer; what it does not say is empty."""
    text = file.read_text(encoding="utf-8-sig")

    def said(name):
        found = re.search(rf"^{name}: (.+)$", text, re.MULTILINE)
        return found[1] if found else ""

    return Head(**{name: said(name) for name in Head.__dataclass_fields__})


@pytest.fixture(scope="session")
def gradebooks(request, tmp_path_factory):
    """The gradebooks of every file that this run asks for, by file."""
    asked = [item for item in request.session.items if "gradebooks" in getattr(item, "fixturenames", ())]
    files = [item.callspec.params["file"] for item in asked]
    out = tmp_path_factory.mktemp("gradebooks")
    isolation = request.config.getoption("--trainer-isolation") or "none"
    command = [sys.executable, str(HERE / "warm_grading.py"), str(out), f"--isolation={isolation}", *map(str, files)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return {file: json.loads((out / warm_grading.gradebook_name(file)).read_text(encoding="utf-8")) for file in files}


def checks_of(book):
    return {check["name"]: check for exercise in book["exercises"] for check in exercise["checks"]}


@pytest.mark.parametrize("file", marked(WRONG))
def test_a_wrong_answer_fails_the_check_meant_for_it_and_gets_its_diagnosis(gradebooks, file, record_property):
    head, book = head_of(file), gradebooks[file]
    checks = checks_of(book)
    meant = checks[head.caught_by]
    caught = meant["outcome"] in ("failed", "error")
    diagnosed = bool(head.diagnosis) and any(head.diagnosis in check["diagnosis"] for check in checks.values())
    explained = bool(head.message) and head.message in meant["message"]
    accepted = book["score"] == book["max_score"]
    seen = {"caught": caught, "diagnosed": diagnosed, "message": explained, "accepted": accepted}
    record_property(matrix.PROPERTY, {"exercise": file.parent.name, "wrong": True, **seen})
    assert caught, meant
    assert diagnosed or explained, {name: check for name, check in checks.items() if check["outcome"] != "passed"}
    assert not accepted
    assert not [check for check in checks.values() if check["outcome"] == "fault"]


@pytest.mark.parametrize("file", marked(RIGHT))
def test_a_right_answer_gets_full_points_and_no_diagnosis(gradebooks, file, record_property):
    book = gradebooks[file]
    lost = {name: check["message"] for name, check in checks_of(book).items() if check["outcome"] != "passed"}
    record_property(matrix.PROPERTY, {"exercise": file.parent.name, "right": True, "refused": bool(lost)})
    assert not {name: check["diagnosis"] for name, check in checks_of(book).items() if check["diagnosis"]}
    assert not lost
    assert book["score"] == book["max_score"] > 0


@pytest.mark.parametrize("file", WRONG, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_wrong_answer_says_what_it_shows_and_what_its_student_reads(file):
    head = head_of(file)
    assert head.misconception
    assert head.caught_by
    assert bool(head.diagnosis) != bool(head.message)


def test_nearly_every_wrong_answer_asks_for_a_diagnosis():
    assert sum(bool(head_of(file).diagnosis) for file in WRONG) >= DIAGNOSED * len(WRONG)


def test_the_matrix_counts_and_divides():
    rows = [
        {"exercise": "01_one", "wrong": True, "caught": True, "diagnosed": True},
        {"exercise": "01_one", "wrong": True, "caught": True, "message": True},
        {"exercise": "02_two", "wrong": True, "accepted": True},
        {"exercise": "02_two", "right": True, "refused": True},
        {"exercise": "01_one", "right": True},
    ]
    assert [line.split() for line in matrix.matrix_lines(rows)] == [
        ["wrong", "caught", "diagnosed", "message", "accepted", "right", "refused"],
        ["01_one", "2", "2", "1", "1", "0", "1", "0"],
        ["02_two", "1", "0", "0", "0", "1", "1", "1"],
        ["total", "3", "2", "1", "1", "1", "2", "1"],
        ["100.0%", "66.7%", "33.3%", "33.3%", "33.3%", "100.0%", "50.0%"],
    ]
    assert max(map(len, matrix.matrix_lines(rows))) <= 80
    assert matrix.matrix_lines([]) == []
