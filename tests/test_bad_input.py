"""Whatever a student hands in becomes one clear sentence, and the other exercises are graded all the same.

One course holds every answer, each in an exercise of its own, and is graded once in pytest's process and once in
workers; the answers that would end or stop pytest's process are in the second only.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from course import (
    ANY_SUM,
    HEAD,
    ONE_SUM,
    RIGHT,
    WRONG,
    Exercise,
    Run,
    run_pytest,
    without_durations,
    write_course,
)

ISOLATIONS = ("none", "process")


@dataclass(frozen=True)
class Answer:
    """What is in a student's file, and what the row of the gradebook must say of it.

    `says` are parts of the message, in it by their order; "FILE" stands for the path of the student's file.
    """

    name: str
    source: str | bytes | None
    outcome: str
    says: tuple[str, ...] = ()
    checks: str = HEAD + ONE_SUM
    files: tuple[tuple[str, str], ...] = ()
    only_in_process: bool = False

    @property
    def exercise(self) -> Exercise:
        return Exercise(f"50_{self.name}", self.source, self.checks, dict(self.files))


CANNOT_BE_READ = [
    Answer("missing", None, "todo", ("There is no file FILE; put your missing.py there.",)),
    Answer(
        "half_a_line",
        "def add(a, b):\n    return (a +\n",
        "error",
        ("FILE is not valid Python: line 2, '(' was never closed.", "    return (a +"),
    ),
    Answer(
        "bad_indent",
        "def add(a, b):\nreturn a + b\n",
        "error",
        ("FILE is not valid Python: line 2, expected an indented block",),
    ),
    Answer("null_byte", b"def add(a, b):\n    return a + b\0\n", "error", ("FILE is not valid Python", "null byte")),
    Answer(
        "too_nested",
        f"def add(a, b):\n    return {'(' * 5000}a{')' * 5000}\n",
        "error",
        ("FILE is not valid Python", "too many nested parentheses"),
    ),
    Answer(
        "not_utf8",
        "# Addition für alle\n# naïve\n\n\ndef add(a, b):\n    return a + b\n".encode("latin-1"),
        "error",
        ("FILE is not UTF-8 (line 1); save it as UTF-8.",),
    ),
    Answer("unknown_encoding", "# coding: klingon\n" + RIGHT, "error", ("FILE", "UTF-8")),
    Answer("byte_order_mark", b"\xef\xbb\xbf" + RIGHT.encode(), "passed"),
    Answer("windows_lines", RIGHT.replace("\n", "\r\n"), "passed"),
    Answer("named_latin1", "# coding: latin-1\nNAME = 'für'\n".encode("latin-1") + RIGHT.encode(), "passed"),
    Answer("huge_file", RIGHT + "#" * 2**21, "error", ("FILE has 2,0", "bytes; a solution has a few thousand")),
]

CANNOT_BE_LOADED = [
    Answer(
        "raises_at_import",
        "def half(x):\n    return x / 0\n\n\nHALF = half(1)\n" + RIGHT,
        "error",
        (
            "Loading FILE raised ZeroDivisionError: division by zero",
            "raises_at_import.py, line 5, in <module>",
            "HALF = half(1)",
            "raises_at_import.py, line 2, in half",
            "return x / 0",
        ),
    ),
    Answer(
        "unknown_module",
        "import pandsa\n" + RIGHT,
        "error",
        ("Loading FILE raised ModuleNotFoundError: No module named 'pandsa'", "line 1, in <module>"),
    ),
    Answer(
        "raises_in_library",
        "import json\n\n\ndef add(a, b):\n    return json.loads('{')\n",
        "error",
        ("add raised JSONDecodeError: Expecting property name", "raises_in_library.py, line 5, in add"),
    ),
    Answer("exit_at_import", "import sys\n\nsys.exit(0)\n" + RIGHT, "error", ("called sys.exit(); leave it out",)),
    Answer(
        "dies_at_import",
        "import os\n\nos._exit(7)\n" + RIGHT,
        "error",
        ("Your code ended the process in which it ran (exit status 7), as os._exit() does; leave it out.",),
        only_in_process=True,
    ),
    Answer("empty_file", "", "error", ("empty_file.py has no function add; keep the names of the stub.",)),
    Answer("misspelt_function", RIGHT.replace("add", "ad"), "error", ("misspelt_function.py has no function add",)),
    Answer("not_a_function", "add = 3\n", "error", ("add cannot be called; keep the names of the stub.",)),
]

CANNOT_BE_CALLED = [
    Answer(
        "one_argument",
        "def add(a):\n    return a\n",
        "error",
        ("add(a) is called with 2 arguments, as the stub says, and cannot take them", "Keep the stub's signature."),
    ),
    Answer(
        "three_arguments",
        "def add(a, b, c):\n    return a + b + c\n",
        "error",
        ("add(a, b, c) is called with 2 arguments", "missing a required argument: 'c'"),
    ),
    Answer("by_name_only", "def add(*, a, b):\n    return a + b\n", "error", ("is called with 2 arguments",)),
    Answer("with_default", "def add(a, b, base=10):\n    return a + b\n", "passed"),
    Answer("a_lambda", "add = lambda a, b: a + b\n", "passed"),
    Answer(
        "raises",
        "def add(a, b):\n    return a + str(b)\n",
        "error",
        ("add raised TypeError: unsupported operand", "raises.py, line 2, in add", "return a + str(b)"),
    ),
    Answer(
        "raises_in_helper",
        "from sums import total\n\n\ndef add(a, b):\n    return total([a, b])\n",
        "error",
        (
            "add raised KeyError: 'start'",
            "raises_in_helper.py, line 5, in add",
            "sums.py, line 2, in total",
            "return sum(numbers, {}['start'])",
        ),
        files=(("sums.py", "def total(numbers):\n    return sum(numbers, {}['start'])\n"),),
    ),
    Answer(
        "half_written",
        "def add(a, b):\n    if a > 0:\n        raise NotImplementedError\n    return a + b\n",
        "todo",
        ("add still raises NotImplementedError.",),
    ),
    Answer(
        "raises_group",
        "def add(a, b):\n    raise ExceptionGroup('many', [ValueError(1)])\n",
        "error",
        ("add raised ExceptionGroup: many",),
    ),
    Answer(
        "raises_unprintable",
        "class Odd(Exception):\n    def __str__(self):\n        return 1 / 0\n\n\ndef add(a, b):\n    raise Odd\n",
        "error",
        ("add raised Odd.", "raises_unprintable.py, line 7, in add"),
    ),
    Answer(
        "exits_in_str",
        "class Odd(Exception):\n    def __str__(self):\n        raise SystemExit\n\n\ndef add(a, b):\n    raise Odd\n",
        "error",
        ("add raised Odd",),
    ),
    Answer(
        "exits",
        "import sys\n\n\ndef add(a, b):\n    sys.exit('bye')\n",
        "error",
        ("add called sys.exit(); leave it out: it would end the whole run.", "exits.py, line 5, in add"),
    ),
    Answer(
        "dies",
        "import os\n\n\ndef add(a, b):\n    os._exit(0)\n",
        "error",
        ("Your code ended the process in which it ran (exit status 0), as os._exit() does",),
        only_in_process=True,
    ),
    Answer(
        "crashes",
        "import ctypes\n\n\ndef add(a, b):\n    return ctypes.string_at(0)\n",
        "error",
        ("Your code's process was ended by SIGSEGV",),
        only_in_process=True,
    ),
    Answer(
        "recursion",
        "def add(a, b):\n    return add(a, b)\n",
        "error",
        ("add raised RecursionError: maximum recursion depth exceeded", "more calls ..."),
    ),
]

ENDLESS = "gave no answer within 1 second; is there a loop that does not end?"
COMES_TO_NO_END = [
    Answer("endless", "def add(a, b):\n    while True:\n        pass\n", "timeout", (f"add {ENDLESS}",)),
    Answer(
        "endless_swallowing",
        "def add(a, b):\n    while True:\n        try:\n            a += 1\n        except BaseException:\n"
        "            pass\n",
        "timeout",
        (f"add {ENDLESS}",),
    ),
    Answer(
        "endless_in_c",
        "import itertools\n\n\ndef add(a, b):\n    return sum(itertools.repeat(0))\n",
        "timeout",
        (f"add {ENDLESS}",),
        only_in_process=True,
    ),
    Answer(
        "endless_in_property",
        "def add(a, b):\n    while b != 0 and abs(a) > 5:\n        pass\n    return a + b\n",
        "timeout",
        (f"add {ENDLESS}",),
        checks=HEAD + ANY_SUM,
    ),
]

WANTED_A_NUMBER = "add(1, 2): wanted a number such as 0.8578, came back"
IS_WRONG = [
    Answer("wrong", WRONG, "failed", ("add(1, 2): wanted 3, came back -1.",)),
    Answer("nothing", "def add(a, b):\n    a + b\n", "failed", (f"{WANTED_A_NUMBER} None.",)),
    Answer("text", "def add(a, b):\n    return f'{a + b}'\n", "failed", (f"{WANTED_A_NUMBER} a string.",)),
    Answer("truth", "def add(a, b):\n    return True\n", "failed", (f"{WANTED_A_NUMBER} a bool.",)),
    Answer("a_list", "def add(a, b):\n    return [a + b]\n", "failed", (f"{WANTED_A_NUMBER} a list.",)),
    Answer("a_set", "def add(a, b):\n    return {a, b}\n", "failed", (f"{WANTED_A_NUMBER} a set.",)),
    Answer("itself", "def add(a, b):\n    return add\n", "failed", (f"{WANTED_A_NUMBER} a function.",)),
    Answer("a_yield", "def add(a, b):\n    yield a + b\n", "failed", (f"{WANTED_A_NUMBER} a generator.",)),
    Answer("async", "async def add(a, b):\n    return a + b\n", "failed", (f"{WANTED_A_NUMBER} a coroutine.",)),
    Answer(
        "own_class",
        "class Sum:\n    pass\n\n\ndef add(a, b):\n    return Sum()\n",
        "failed",
        (WANTED_A_NUMBER, "Sum."),
    ),
    Answer(
        "unprintable",
        "class Sum:\n    def __repr__(self):\n        return 1 / 0\n\n\ndef add(a, b):\n    return Sum()\n",
        "failed",
        (WANTED_A_NUMBER, "Sum."),
    ),
    Answer("nan", "def add(a, b):\n    return float('nan')\n", "failed", ("add(1, 2): wanted 3, came back nan.",)),
    Answer("infinity", "def add(a, b):\n    return 1e999\n", "failed", ("add(1, 2): wanted 3, came back inf.",)),
    Answer(
        "huge", "def add(a, b):\n    return 10**400\n", "failed", (f"{WANTED_A_NUMBER} an int too large for a float.",)
    ),
    Answer("huger", "def add(a, b):\n    return 10**5000\n", "failed", ()),
    Answer(
        "too_deep",
        "def add(a, b):\n    nest = []\n    for _ in range(999):\n        nest = [nest]\n    return nest\n",
        "failed",
        ("The answer cannot be handed over: the answer is nested more than 60 levels deep.",),
    ),
    Answer(
        "holds_itself",
        "def add(a, b):\n    ring = []\n    ring.append(ring)\n    return ring\n",
        "failed",
        ("The answer cannot be handed over: the answer is nested more than 60 levels deep.",),
    ),
    Answer(
        "two_answers",
        "calls = []\n\n\ndef add(a, b):\n    calls.append(a)\n    return a + b + (len(calls) == 4)\n",
        "failed",
        (
            "The same input got two different answers: the function must depend on its arguments alone",
            "once       the sum: wanted",
            "again      the answer was right",
            "for this input:",
        ),
        checks=HEAD + ANY_SUM,
    ),
    Answer(
        "smallest",
        "def add(a, b):\n    return a + b if a < 7 else 0\n",
        "failed",
        ("the sum: wanted 7, came back 0.", "for this input:", "a = 7", "b = 0"),
        checks=HEAD + ANY_SUM,
    ),
]

LEFT_AS_GIVEN = """

@check(points=2, needs="add", hint="Read the numbers, keep the list.", evidence="observation")
def test_leaves_the_list_as_it_was(submission):
    [after] = submission.probe("arguments_after", "add", [3, 1, 2])
    if after != [3, 1, 2]:
        raise expect.wrong("add changed the list that it was given.", f"  afterwards {after}")
"""
INPUT_IS_FRESH = """

@check(points=2, needs="add", hint="...")
def test_gets_fresh_input_each_time(submission):
    numbers = [3, 1, 2]
    for _ in range(2):
        expect.close(submission.call("add", numbers), 6, "the sum", within=0)
    assert numbers == [3, 1, 2]
"""
DISTURBS = [
    Answer("prints_a_lot", "def add(a, b):\n    print('x' * 2**20)\n    return a + b\n", "passed"),
    Answer("closes_stdout", "import sys\n\n\ndef add(a, b):\n    sys.stdout.close()\n    return a + b\n", "passed"),
    Answer("replaces_stdout", "import sys\n\n\ndef add(a, b):\n    sys.stdout = None\n    return a + b\n", "passed"),
    Answer(
        "changes_directory",
        "import os\n\n\ndef add(a, b):\n    os.chdir('/')\n    return a + b\n",
        "passed",
        ("Your code changed the working directory to /; it was put back.",),
    ),
    Answer(
        "leaves_files",
        "def add(a, b):\n    open('sum.txt', 'w').close()\n    open('log.txt', 'w').close()\n    return a + b\n",
        "passed",
        ("Your code left 2 file(s) in the working directory (log.txt, sum.txt); removed.",),
    ),
    Answer(
        "leaves_a_folder",
        "import os\n\n\ndef add(a, b):\n    os.makedirs('runs/one')\n    open('runs/one/log', 'w').close()\n"
        "    return a + b\n",
        "passed",
        ("Your code left 1 file(s) in the working directory (runs/one/log); removed.",),
    ),
    Answer(
        "changes_environment", "import os\n\n\ndef add(a, b):\n    os.environ.clear()\n    return a + b\n", "passed"
    ),
    Answer(
        "seeds",
        "import random\n\n\ndef add(a, b):\n    random.seed(3)\n    return a + b\n",
        "passed",
        ("Your code set a random seed or drew random numbers; the random state was put back.",),
        checks=HEAD + ANY_SUM,
    ),
    Answer(
        "changes_its_input",
        "def add(numbers):\n    numbers.sort()\n    return sum(numbers)\n",
        "failed",
        ("add changed the list that it was given.", "afterwards [1, 2, 3]"),
        checks=HEAD + LEFT_AS_GIVEN,
    ),
    Answer(
        "empties_its_input",
        "def add(numbers):\n    return sum(numbers.pop() for _ in range(len(numbers)))\n",
        "passed",
        checks=HEAD + INPUT_IS_FRESH,
    ),
]

ANSWERS = [*CANNOT_BE_READ, *CANNOT_BE_LOADED, *CANNOT_BE_CALLED, *COMES_TO_NO_END, *IS_WRONG, *DISTURBS]
RECORDING = """
from pathlib import Path


def add(a, b):
    {seeds}
    with (Path(__file__).parent / "drawn.txt").open("a") as drawn:
        print(a, b, file=drawn)
    return a + b
"""
GOOD = [
    Exercise("01_before", RIGHT),
    Exercise("02_quiet", RECORDING.format(seeds="pass"), HEAD + ANY_SUM),
    Exercise("03_seeding", RECORDING.format(seeds="import random; random.seed(5)"), HEAD + ANY_SUM),
    Exercise("99_after", RIGHT),
]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Run]:
    """The one run over all answers in this isolation."""
    runs: dict[str, Run] = {}

    def run(isolation: str) -> Run:
        if isolation not in runs:
            answers = [answer for answer in ANSWERS if isolation == "process" or not answer.only_in_process]
            folder = tmp_path_factory.mktemp(isolation)
            write_course(folder, *GOOD, *(answer.exercise for answer in answers))
            runs[isolation] = run_pytest(folder, "exercises", "--trainer-isolation", isolation)
        return runs[isolation]

    return run


def cases() -> list[object]:
    return [
        pytest.param(isolation, answer, id=f"{answer.name}-{isolation}")
        for isolation in ISOLATIONS
        for answer in ANSWERS
        if isolation == "process" or not answer.only_in_process
    ]


@pytest.mark.parametrize(("isolation", "answer"), cases())
def test_each_answer_gets_its_sentence(graded: Callable[[str], Run], isolation: str, answer: Answer) -> None:
    book = graded(isolation).book
    [exercise] = [exercise for exercise in book["exercises"] if exercise["name"] == answer.exercise.name]
    [row] = exercise["checks"]
    message = row["message"]
    assert row["outcome"] == answer.outcome, message
    file = f"exercises/{answer.exercise.name}/{answer.exercise.file}"
    rest = message
    for part in answer.says:
        part = part.replace("FILE", file)
        assert part in rest, message
        rest = rest.partition(part)[2]
    if answer.outcome == "passed" and not answer.says:
        assert message == ""
    assert (row["score"] > 0) == (answer.outcome == "passed")


@pytest.mark.parametrize("isolation", ISOLATIONS)
def test_no_sentence_shows_a_frame_of_ours_or_of_a_library(graded: Callable[[str], Run], isolation: str) -> None:
    for name, row in graded(isolation).rows.items():
        for word in ("site-packages", "trainer_", "serve.py", "Traceback", "/lib/python", "<frozen"):
            assert word not in row["message"], name


@pytest.mark.parametrize("isolation", ISOLATIONS)
def test_the_other_exercises_are_graded_all_the_same(graded: Callable[[str], Run], isolation: str) -> None:
    run = graded(isolation)
    points = {exercise["name"]: exercise["score"] for exercise in run.book["exercises"]}
    assert [points[exercise.name] for exercise in GOOD] == [5, 2, 2, 5]
    assert run.status == 1
    assert run.is_clean()


@pytest.mark.parametrize("isolation", ISOLATIONS)
def test_nothing_of_the_students_doing_is_left_behind(graded: Callable[[str], Run], isolation: str) -> None:
    folder = graded(isolation).gradebook.parent
    assert sorted(path.name for path in folder.iterdir()) == ["exercises", "gradebook.json"]
    left = {path.name for path in folder.rglob("*") if path.name in ("sum.txt", "log.txt", ".hypothesis")}
    assert not left


def test_verdicts_are_the_same_in_this_process_and_in_a_worker(graded: Callable[[str], Run]) -> None:
    here, there = (without_durations(graded(isolation).book) for isolation in ISOLATIONS)
    in_worker = {exercise["name"]: exercise for exercise in there["exercises"]}
    for exercise in here["exercises"]:
        assert exercise == in_worker[exercise["name"]]
    assert here["versions"] == there["versions"]


def drawn(run: Run, exercise: str) -> list[str]:
    return (run.gradebook.parent / "exercises" / exercise / "drawn.txt").read_text().splitlines()


@pytest.mark.parametrize("isolation", ISOLATIONS)
def test_inputs_drawn_do_not_depend_on_a_students_seed(graded: Callable[[str], Run], isolation: str) -> None:
    run = graded(isolation)
    assert len(set(drawn(run, "02_quiet"))) > 20
    assert drawn(run, "03_seeding") == drawn(run, "02_quiet")


def test_inputs_drawn_are_the_same_in_this_process_and_in_a_worker(graded: Callable[[str], Run]) -> None:
    assert drawn(graded("none"), "02_quiet") == drawn(graded("process"), "02_quiet")


# -- answers that could spoil more than their own row, each in a run of its own ---------------------------------------


def grade_one(folder: Path, source: str, *arguments: str, **environment: str) -> Run:
    write_course(folder, Exercise("01_odd", source), Exercise("02_after", RIGHT))
    return run_pytest(folder, "exercises", *arguments, **environment)


def test_what_a_wrong_answer_printed_is_shown_shortened(tmp_path: Path) -> None:
    run = grade_one(tmp_path, "def add(a, b):\n    print('spam' * 2**18)\n    return a - b\n")
    run.matcher.fnmatch_lines(["   your code printed:", "   | spamspam*...", "   | ... and 1,046,577 bytes more"])
    assert len(run.text) < 5_000
    assert run.outcomes["02_after::test_adds_one_and_two"] == "passed"


def test_a_working_directory_that_was_removed_is_put_back(tmp_path: Path) -> None:
    run = grade_one(tmp_path, "import os\n\n\ndef add(a, b):\n    os.rmdir(os.getcwd())\n    return a + b\n")
    row = run.rows["01_odd::test_adds_one_and_two"]
    assert row["outcome"] == "passed", row["message"]
    assert "working directory" in row["message"]
    assert [exercise["score"] for exercise in run.book["exercises"]] == [5, 5]


def test_text_that_is_no_unicode_is_reported_and_written(tmp_path: Path) -> None:
    run = grade_one(tmp_path, "def add(a, b):\n    raise ValueError('half a pair: \\ud800')\n")
    assert run.is_clean(), run.text
    assert run.rows["01_odd::test_adds_one_and_two"]["message"].startswith("add raised ValueError: half a pair:")
    assert run.outcomes["02_after::test_adds_one_and_two"] == "passed"


def test_control_characters_of_a_message_do_not_reach_the_terminal(tmp_path: Path) -> None:
    run = grade_one(tmp_path, "def add(a, b):\n    raise ValueError('\\033[31mred\\033[0m \\a\\b')\n")
    assert not set("\033\a\b") & set(run.text)
    run.matcher.fnmatch_lines(["*add raised ValueError:*red*"])


def test_an_interrupt_keeps_every_row(tmp_path: Path) -> None:
    # A process that was started in the background ignores the signal, and its children do.
    handled = "signal.signal(signal.SIGINT, signal.default_int_handler)"
    body = f"    {handled}\n    os.kill(os.getpid(), signal.SIGINT)\n    return a + b\n"
    source = f"import os, signal\n\n\ndef add(a, b):\n{body}"
    run = grade_one(tmp_path, source)
    assert run.status == pytest.ExitCode.INTERRUPTED
    assert set(run.outcomes.values()) == {"not_run"}
    assert run.book["max_score"] == 10


def test_a_file_without_permission_gets_its_sentence(tmp_path: Path) -> None:
    if os.access("/root", os.W_OK):
        pytest.skip("root reads every file")
    write_course(tmp_path, Exercise("01_closed", RIGHT), Exercise("02_after", RIGHT))
    (tmp_path / "exercises/01_closed/closed.py").chmod(0)
    run = run_pytest(tmp_path, "exercises")
    row = run.rows["01_closed::test_adds_one_and_two"]
    assert row["message"] == "exercises/01_closed/closed.py cannot be read: Permission denied."


def test_a_folder_in_the_place_of_the_file_counts_as_missing(tmp_path: Path) -> None:
    write_course(tmp_path, Exercise("01_odd", None), Exercise("02_after", RIGHT))
    (tmp_path / "exercises/01_odd/odd.py").mkdir()
    run = run_pytest(tmp_path, "exercises")
    assert run.outcomes["01_odd::test_adds_one_and_two"] == "todo"
    assert run.outcomes["02_after::test_adds_one_and_two"] == "passed"


def test_a_property_that_times_out_ends_at_once(tmp_path: Path) -> None:
    run = grade_one(tmp_path, "def add(a, b):\n    while a != b:\n        pass\n    return a + b\n")
    assert run.outcomes["01_odd::test_adds_any_two_numbers"] == "timeout"
    assert run.rows["01_odd::test_adds_any_two_numbers"]["duration"] < 3
