"""The page that a student lives in: its width, colours and alphabet, and what it never shows."""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from course import (
    CHECKS,
    HEAD,
    RIGHT,
    STUB,
    WRONG,
    ZERO_SUM,
    Exercise,
    Run,
    plain_environment,
    run_pytest,
    write_course,
)

ESCAPE = "\033["
TRACEBACK_WORDS = (
    "Traceback",
    "FAILURES",
    "ERRORS",
    "short test summary",
    "serve.py",
    "client.py",
    "decoder.py",
    "site-packages",
    "test_more.py:",
)

Page = Callable[..., Run]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    """What a course with one right answer, one wrong and one stub looks like, under these arguments."""
    folder = tmp_path_factory.mktemp("page")
    checks = "from pytest_trainer.lab.recipes import Tokenizer\n" + CHECKS + ZERO_SUM
    write_course(
        folder,
        Exercise("03_last", STUB, checks),
        Exercise("01_adding", RIGHT, checks),
        Exercise("02_more", WRONG, checks),
    )
    runs: dict[tuple[object, ...], Run] = {}

    def look(*arguments: str, **environment: str) -> Run:
        key = (*arguments, *environment.items())
        if key not in runs:
            runs[key] = run_pytest(folder, "exercises", *arguments, **environment)
        return runs[key]

    return look


def test_a_line_for_each_exercise_then_the_total_then_one_next_step(page: Page) -> None:
    run = page()
    run.matcher.fnmatch_lines(
        [
            "Lesson 01_adding * ████████████████   6/6   done",
            "Lesson 02_more * ░░░░░░░░░░░░░░░░   0/6   2 failed, 1 waiting",
            "Lesson 03_last * ░░░░░░░░░░░░░░░░   0/6   3 todo",
            "total * 6/18 *",
            "",
            "Next: Lesson 02_more",
            "   exercises/02_more/more.py:1",
            "   check  adds one and two (3 points)",
            "",
            "   add(1, 2): wanted 3, came back -1.",
            "",
            "   hint   Plus, not minus.",
            "   read   exercises/02_more/README.md",
            "   run    pytest exercises/02_more",
            "*= 3 passed, 2 wrong, 1 waiting, 3 todo in *",
        ]
    )
    assert run.text.count("Next:") == 1


def test_the_first_word_comes_before_the_first_import(page: Page) -> None:
    page().matcher.fnmatch_lines(["loading torch and transformers, *", "exercises/02_more/test_more.py F*"])
    assert page().text.count("loading torch") == 1


def test_a_check_that_needs_no_library_does_not_speak_of_loading(tmp_path: Path) -> None:
    write_course(tmp_path, Exercise("01_adding", RIGHT))
    run = run_pytest(tmp_path, "exercises")
    assert (run.status, "loading torch" in run.text) == (0, False)


def test_without_a_terminal_there_is_no_colour_and_no_line_beyond_80_columns(page: Page) -> None:
    for run in (page(), page("-v")):
        assert ESCAPE not in run.text
        assert not [line for line in run.summary if len(line) > 80]


def test_v_lists_every_check(page: Page) -> None:
    page("-v").matcher.fnmatch_lines(
        [
            "Lesson 01_adding *",
            "  passed      3/3  adds one and two",
            "  passed      2/2  adds any two numbers",
            "  passed      1/1  adding zero changes nothing",
            "Lesson 02_more *",
            "  failed      0/3  adds one and two",
            "  failed      0/2  adds any two numbers",
            "  waiting     0/1  adding zero changes nothing: waits on: test_adds_one_and_two",
            "Lesson 03_last *",
            "  todo        0/3  adds one and two",
        ]
    )
    assert "adds any two numbers" not in "\n".join(page().summary)


def test_q_still_names_the_next_step(page: Page) -> None:
    page("-q").matcher.fnmatch_lines(["Next: Lesson 02_more", "   exercises/02_more/more.py:1"])


@pytest.mark.parametrize("arguments", [(), ("--tb", "long")], ids=" ".join)
def test_a_wrong_answer_shows_no_traceback(page: Page, arguments: tuple[str, ...]) -> None:
    for word in TRACEBACK_WORDS:
        assert word not in page(*arguments).text


def test_pytests_own_list_of_results_can_be_had(page: Page) -> None:
    run = page("-rA")
    assert run.status == 1
    assert run.is_clean()


def test_colour_where_it_is_asked_for(page: Page) -> None:
    text = page("--color=yes").text
    assert re.search(r"\033\[32mLesson 01_adding ", text)
    assert re.search(r"\033\[31mLesson 02_more ", text)
    assert re.search(r"^Lesson 03_last ", text, re.MULTILINE)
    assert re.search(r"\033\[1mNext: Lesson 02_more", text)


def test_plain_ascii_where_the_encoding_asks_for_it(page: Page) -> None:
    run = page(PYTHONIOENCODING="ascii")
    assert run.text.isascii()
    run.matcher.fnmatch_lines(
        ["Lesson 01_adding * ################   6/6*", "Lesson 02_more * ................   0/6*"]
    )


def test_on_a_terminal_there_is_colour(tmp_path: Path) -> None:
    write_course(tmp_path, Exercise("01_adding", WRONG))
    near, far = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "pytest", "exercises"],
        cwd=tmp_path,
        env=plain_environment() | {"TERM": "xterm"},
        stdin=subprocess.DEVNULL,
        stdout=far,
        stderr=far,
    ) as process:
        os.close(far)
        shown = b"".join(iter(lambda: read_terminal(near), b""))
    os.close(near)
    assert process.returncode == 1
    assert b"\033[31mLesson 01_adding" in shown


def read_terminal(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # what Linux says when the other end is closed
        return b""


# -- long things ------------------------------------------------------------------------------------------------------

LONG_NAME = "test_adds_one_number_to_another_whatever_both_of_them_may_be_and_in_whatever_order_they_are_given"
LONG_CHECKS = f"""{HEAD}

@check(points=3, needs="add", hint={"A hint that goes on and on until everyone has understood it. " * 4!r})
def {LONG_NAME}(submission):
    numbers = list(range(100))
    came = submission.call("add", numbers, numbers)
    expect.same_lists([came], [numbers], "the answer to a rather long question about a hundred numbers")
"""
LONG_ANSWERS = {
    "values": "def add(a, b):\n    print('y' * 500)\n    print('word ' * 99)\n    return a[::-1]\n",
    "word": f"def add(a, b):\n    raise ValueError('{'w' * 300}')\n",
    "lines": f"def add(a, b):\n    raise ValueError('''{'words ' * 80}\n{'another ' * 30}''')\n",
    "code": f"def add(a, b):\n    return a[0] / ({' + '.join(['b[0]'] * 40)})\n",
    "syntax": f"def add(a, b):\n    return ({' + '.join(['b'] * 60)}\n",
}


@pytest.mark.parametrize("answer", LONG_ANSWERS.values(), ids=LONG_ANSWERS.keys())
def test_nothing_long_goes_beyond_80_columns(tmp_path: Path, answer: str) -> None:
    write_course(tmp_path, Exercise("01_adding_what_was_not_added_yet", answer, LONG_CHECKS), Exercise("02_more", STUB))
    run = run_pytest(tmp_path, "exercises", "-v", COLUMNS="80")
    assert run.outcomes[f"01_adding_what_was_not_added_yet::{LONG_NAME}"] in ("failed", "error")
    assert any(line.startswith("Next: ") for line in run.summary)
    assert not [line for line in run.summary if len(line) > 80]


@pytest.mark.parametrize("columns", ["60", "200"])
def test_the_page_follows_the_width_of_the_terminal(tmp_path: Path, columns: str) -> None:
    write_course(tmp_path, Exercise("01_adding", LONG_ANSWERS["lines"]), Exercise("02_more", RIGHT))
    run = run_pytest(tmp_path, "exercises", COLUMNS=columns)
    prose = [len(line) for line in run.summary if line.count("words") > 1]
    assert int(columns) / 2 - 10 < max(prose) <= int(columns)


def test_a_submission_far_away_keeps_its_whole_path(tmp_path: Path) -> None:
    far = Path("the_folder_of_the_class_of_this_year", "the_second_group", "a_student_with_a_long_name")
    write_course(tmp_path, Exercise("01_adding", STUB))
    (tmp_path / far).mkdir(parents=True)
    (tmp_path / far / "adding.py").write_text(WRONG)
    run = run_pytest(tmp_path, "exercises", "--submission", str(far), COLUMNS="80")
    run.matcher.fnmatch_lines([f"   {far}/adding.py:1"])


# -- other things -----------------------------------------------------------------------------------------------------


def test_other_alphabets_do_not_break_an_ascii_terminal(tmp_path: Path) -> None:
    write_course(tmp_path, Exercise("01_adding", "def add(a, b):\n    raise ValueError('größer als ∞')\n"))
    (tmp_path / "exercises/01_adding/README.md").write_text("# Größen addieren\n", encoding="utf-8")
    run = run_pytest(tmp_path, "exercises", PYTHONIOENCODING="ascii")
    assert run.status == 1
    assert run.is_clean()
    assert run.book["exercises"][0]["title"] == "Größen addieren"
    message = run.rows["01_adding::test_adds_one_and_two"]["message"]
    assert message.startswith("add raised ValueError: größer als ∞")


def test_an_exception_shows_the_students_own_frames_only(tmp_path: Path) -> None:
    helper = "import json\n\n\ndef parse(text):\n    return json.loads(text)\n"
    answer = "from helper import parse\n\n\ndef add(a, b):\n    return parse('{')\n"
    write_course(tmp_path, Exercise("02_more", answer, files={"helper.py": helper}))
    run = run_pytest(tmp_path, "exercises")
    for word in TRACEBACK_WORDS:
        assert word not in run.text
    run.matcher.fnmatch_lines(
        [
            "   exercises/02_more/helper.py:5",
            "   add raised JSONDecodeError: Expecting property name enclosed in double*",
            "     more.py, line 5, in add",
            "       return parse('{')",
            "     helper.py, line 5, in parse",
            "       return json.loads(text)",
        ]
    )


def test_a_property_shows_its_smallest_input(tmp_path: Path) -> None:
    write_course(tmp_path, Exercise("01_adding", "def add(a, b):\n    return min(a + b, 20)\n"))
    run_pytest(tmp_path, "exercises").matcher.fnmatch_lines(
        ["   the sum: wanted 21, came back 20.", "   for this input:", "     a = *", "     b = *"]
    )
