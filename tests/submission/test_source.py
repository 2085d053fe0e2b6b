"""The student's file as text: found, read without being run, its stubs known from the syntax tree."""

import warnings
from pathlib import Path

import pytest

from pytest_trainer.submission.source import MAX_SOURCE, Source, file_name, find, read, shown_path

STUB = 'def collate(x):\n    """Pads."""\n    raise NotImplementedError\n'


def parsed(tmp_path: Path, text: str | bytes) -> Source:
    path = tmp_path / "collation.py"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read(path, "collation.py")


def stubs_of(tmp_path: Path, text: str | bytes) -> set[str]:
    source = parsed(tmp_path, text)
    assert source.problem == ""
    return set(source.stubs)


# -- finding ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exercise", "name"),
    [
        ("02_collation", "collation.py"),
        ("05_training_run", "training_run.py"),
        ("collation", "collation.py"),
        ("my_own", "my_own.py"),
        ("02_", "02_.py"),
        ("7", "7.py"),
    ],
)
def test_the_file_has_the_folders_name_without_its_number(exercise: str, name: str) -> None:
    assert file_name(exercise) == name


@pytest.fixture
def exercise(tmp_path: Path) -> Path:
    exercise = tmp_path / "exercises" / "02_collation"
    exercise.mkdir(parents=True)
    (exercise / "collation.py").write_text(STUB)
    return exercise


def test_without_a_submission_it_is_the_stub_beside_the_checks(exercise: Path, tmp_path: Path) -> None:
    source = find(exercise, None, tmp_path)
    assert source.path == exercise / "collation.py"
    assert source.shown == "exercises/02_collation/collation.py"
    assert source.stubs == {"collate"}


def test_a_submissions_sub_folder_comes_before_its_bare_file(exercise: Path, tmp_path: Path) -> None:
    submission = tmp_path / "ada"
    submission.mkdir()
    (submission / "collation.py").write_text("def collate(x): return 1\n")
    assert find(exercise, submission, tmp_path).path == submission / "collation.py"
    (submission / "02_collation").mkdir()
    assert find(exercise, submission, tmp_path).path == submission / "collation.py"
    (submission / "02_collation" / "collation.py").write_text(STUB)
    assert find(exercise, submission, tmp_path).path == submission / "02_collation" / "collation.py"


def test_the_stub_is_never_graded_in_place_of_a_missing_file(exercise: Path, tmp_path: Path) -> None:
    submission = tmp_path / "ada"
    submission.mkdir()
    source = find(exercise, submission, tmp_path)
    assert source.missing
    assert source.problem == (
        "There is no file ada/02_collation/collation.py or ada/collation.py; put your collation.py there."
    )


def test_a_folder_of_that_name_is_no_file(exercise: Path, tmp_path: Path) -> None:
    (tmp_path / "ada" / "collation.py").mkdir(parents=True)
    assert find(exercise, tmp_path / "ada", tmp_path).missing


def test_paths_are_shown_as_they_would_be_typed(tmp_path: Path) -> None:
    assert shown_path(tmp_path / "a" / "b.py", tmp_path / "a") == "b.py"
    assert shown_path(tmp_path / "b.py", tmp_path / "a") == "../b.py"


# -- stubs ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        STUB,
        "def collate(x):\n    raise NotImplementedError\n",
        "def collate(x): raise NotImplementedError\n",
        "def collate(x):\n    raise NotImplementedError()\n",
        'def collate(x):\n    raise NotImplementedError("collate is yours to write")\n',
        'def collate(x):\n    """Pads."""\n    # TODO\n    raise NotImplementedError("x") from None\n',
        "def collate(x):\n    ...\n    raise NotImplementedError\n",
        "import functools\n@functools.cache\ndef collate(x):\n    raise NotImplementedError\n",
        "def collate(x): return 1\n" + STUB,
        "collate = None\n" + STUB,
        STUB + "def other(x):\n    collate = 1\n    return collate\n",
        STUB + "class Other:\n    collate = 1\n    def collate(self): return 1\n",
        STUB + "async def other(x):\n    collate = 1\n    return collate\n",
        STUB + "if True:\n    def other(x):\n        collate = 1\n        return collate\n",
        STUB + "other = [collate for collate in range(3)]\n",
        STUB + "print(collate)\n",
        STUB + "collate.attribute = 1\n",
    ],
)
def test_a_function_that_only_raises_not_implemented_is_a_stub(tmp_path: Path, text: str) -> None:
    assert stubs_of(tmp_path, text) == {"collate"}


@pytest.mark.parametrize(
    "text",
    [
        "def collate(x):\n    pass\n",
        "def collate(x):\n    ...\n",
        'def collate(x):\n    """Pads."""\n',
        "def collate(x):\n    return x\n",
        "def collate(x):\n    y = x\n    raise NotImplementedError\n",
        "def collate(x):\n    raise ValueError\n",
        "def collate(x):\n    raise\n",
        "def collate(x):\n    if x:\n        raise NotImplementedError\n",
        STUB + "def collate(x): return 1\n",
        STUB + "async def collate(x): return 1\n",
        STUB + "class collate: pass\n",
        STUB + "collate = lambda x: 1\n",
        STUB + "collate: object = len\n",
        STUB + "collate, other = len, max\n",
        STUB + "collate = other = len\n",
        STUB + "(collate := len)\n",
        STUB + "from helper import pad as collate\n",
        STUB + "from helper import collate\n",
        STUB + "import helper as collate\n",
        STUB + "import collate.inner\n",
        STUB + "for collate in [len]: pass\n",
        STUB + "with open('x') as collate: pass\n",
        STUB + "if True:\n    def collate(x): return 1\nelse:\n    def collate(x): return 2\n",
        STUB + "try:\n    from fast import collate\nexcept ImportError:\n    pass\n",
        STUB + "if True:\n    collate = len\n",
        "if True:\n    def collate(x): return 1\nelse:\n    def collate(x): raise NotImplementedError\n",
        "class Collator:\n    def collate(self): raise NotImplementedError\n",
        "",
    ],
)
def test_anything_else_is_none_and_the_last_binding_wins(tmp_path: Path, text: str) -> None:
    assert "collate" not in stubs_of(tmp_path, text)


def test_each_function_is_a_stub_of_its_own(tmp_path: Path) -> None:
    text = (
        "def one():\n    raise NotImplementedError\n\n\ndef two():\n    return 2\n\n\n"
        "@print\ndef three():\n    raise NotImplementedError\n"
    )
    source = parsed(tmp_path, text)
    assert source.stubs == {"one", "three"}
    assert source.place("one") == "collation.py:1"
    assert source.place("two") == "collation.py:5"
    assert source.place("three") == "collation.py:10"
    assert source.place("four") == "collation.py"


# -- entries ----------------------------------------------------------------------------------------------------------

ANSWERS = "ANSWERS = {\n    1: None,\n    2: 'b',\n    3: None,\n}\n"


@pytest.mark.parametrize(
    "text",
    [
        ANSWERS,
        ANSWERS.replace("ANSWERS", "ANSWERS: dict[int, str | None]"),
        ANSWERS + "ANSWERS[2] = 'c'\n",
        "ANSWERS = {}\nANSWERS[1] = None\nANSWERS[3] = None\n",
        "ANSWERS = {1: 'a', 2: 'b', 3: None}\nANSWERS[1] = None\n",
        ANSWERS.replace("None", "'a'") + ANSWERS,
        ANSWERS + "ANSWERS[1]: str | None = None\n",
    ],
)
def test_an_entry_of_a_dict_that_is_none_is_a_stub(tmp_path: Path, text: str) -> None:
    assert stubs_of(tmp_path, text) == {"ANSWERS[1]", "ANSWERS[3]"}


@pytest.mark.parametrize(
    "text",
    [
        ANSWERS + "ANSWERS.update({1: 'a', 3: 'c'})\n",
        ANSWERS + "ANSWERS |= {1: 'a', 3: 'c'}\n",
        ANSWERS + "for number in (1, 3): ANSWERS[number] = 'a'\n",
        ANSWERS + "if True:\n    ANSWERS[1] = ANSWERS[3] = 'a'\n",
        ANSWERS + "ANSWERS[1] = ANSWERS[3] = 'a'\n",
        ANSWERS + "mine = ANSWERS\nmine[1] = 'a'\n",
        ANSWERS + "globals()['ANSWERS'] = dict.fromkeys((1, 2, 3), 'a')\n",
        ANSWERS + "ONE = 1\nANSWERS[ONE] = 'a'\n",
        ANSWERS + "exec('ANSWERS.update({1: 1, 3: 3})')\n",
        ANSWERS + "from helper import ANSWERS\n",
        ANSWERS + "from helper import answers as ANSWERS\n",
        ANSWERS + "from helper import *\n",
        "def fill():\n    ANSWERS[1] = ANSWERS[3] = 'a'\n" + ANSWERS + "fill()\n",
        "mine = ANSWERS = {1: None}\nmine[1] = 'a'\n",
        "ANSWERS = {1: None, **{1: 'a'}}\n",
        "ONE = 1\nANSWERS = {1: None, ONE: 'a'}\n",
        "ANSWERS = dict({1: None})\n",
        "ANSWERS = dict.fromkeys(range(1, 4))\n",
        "ANSWERS = {n: None for n in range(1, 4)}\n",
        "ANSWERS: dict\n",
        "if True:\n    ANSWERS = {1: None}\n",
        "def f():\n    ANSWERS = {1: None}\n",
        "class C:\n    ANSWERS = {1: None}\n",
        ANSWERS + ANSWERS.replace("None", "'a'"),
        "ANSWERS[1] = None\nANSWERS = {1: 'a'}\n",
    ],
)
def test_what_only_running_the_file_can_tell_is_no_stub(tmp_path: Path, text: str) -> None:
    assert stubs_of(tmp_path, text) == set()


def test_an_entry_that_was_assigned_is_no_stub_any_more(tmp_path: Path) -> None:
    source = parsed(tmp_path, ANSWERS + "ANSWERS[1] = 'c'\nNAMES = {'one': None}\n")
    assert source.stubs == {"ANSWERS[3]", "NAMES['one']"}
    assert source.place("ANSWERS[1]") == "collation.py:6"
    assert source.place("ANSWERS[2]") == "collation.py:3"
    assert source.place("ANSWERS[3]") == "collation.py:4"
    assert source.place("ANSWERS[4]") == "collation.py:1"
    assert source.place("OTHER[1]") == "collation.py"


def test_the_sentence_on_a_stub_says_what_is_to_do() -> None:
    assert Source.still_to_do("collate") == "collate is still to write; its docstring says what is asked."
    assert Source.still_to_do("ANSWERS[1]") == "ANSWERS[1] is still to answer; the lesson has the question."


def test_nothing_of_the_file_is_run(tmp_path: Path) -> None:
    text = f"open({str(tmp_path / 'run')!r}, 'w')\n" + STUB
    assert stubs_of(tmp_path, text) == {"collate"}
    assert not (tmp_path / "run").exists()


def test_imports_are_listed_wherever_they_stand(tmp_path: Path) -> None:
    text = (
        "import numpy as np\nimport torch.nn\nfrom . import helper\nfrom .helper import x\n"
        "def collate():\n    from transformers import Trainer, AutoTokenizer as A\n    import numpy\n"
    )
    assert parsed(tmp_path, text).imports == (
        ("numpy", ""),
        ("torch.nn", ""),
        ("transformers", "Trainer"),
        ("transformers", "AutoTokenizer"),
    )


# -- encodings and odd files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbf" + STUB.encode(),
        STUB.replace("\n", "\r\n").encode(),
        STUB.replace("\n", "\r").encode(),
        STUB.replace("    ", "\t").encode(),
        STUB.rstrip().encode(),
        b"\xef\xbb\xbf# -*- coding: utf-8 -*-\n" + STUB.encode(),
        ("# -*- coding: latin-1 -*-\nname = 'Zoë'\n" + STUB).encode("latin-1"),
        ("#!/usr/bin/env python\n# vim: set fileencoding=cp1252 :\nname = '€'\n" + STUB).encode("cp1252"),
        ("name = 'Zoë 数'\n" + STUB).encode(),
    ],
    ids=["bom", "crlf", "cr", "tabs", "no newline", "bom and cookie", "latin-1", "cp1252", "utf-8"],
)
def test_a_file_may_be_written_as_python_allows(tmp_path: Path, raw: bytes) -> None:
    assert stubs_of(tmp_path, raw) == {"collate"}


@pytest.mark.parametrize("line", [1, 2, 3, 5, 40])
def test_a_file_that_is_not_utf_8_names_the_line(tmp_path: Path, line: int) -> None:
    raw = b"# fine\n" * (line - 1) + "name = 'Zoë'\n".encode("latin-1") + STUB.encode()
    source = parsed(tmp_path, raw)
    assert source.problem == f"collation.py is not UTF-8 (line {line}); save it as UTF-8."
    assert source.place("collate") == f"collation.py:{line}"


@pytest.mark.parametrize("raw", [STUB.encode("utf-16"), b"\x80\x81" * 50, b"# coding: klingon\n" + STUB.encode()])
def test_a_file_in_no_encoding_of_ours_is_a_sentence(tmp_path: Path, raw: bytes) -> None:
    source = parsed(tmp_path, raw)
    assert "save it as UTF-8" in source.problem
    assert source.stubs == frozenset()


def test_a_syntax_error_names_its_line_and_shows_it(tmp_path: Path) -> None:
    source = parsed(tmp_path, STUB + "\nnumbers = [1, 2\nmore = 3\n")
    first, code = source.problem.splitlines()
    assert first.startswith("collation.py is not valid Python: line 5, ")
    assert first.endswith(".")
    assert code == "  numbers = [1, 2"
    assert source.place("collate") == "collation.py:5"


def test_a_line_of_code_is_shown_with_its_indentation(tmp_path: Path) -> None:
    source = parsed(tmp_path, "def collate(x):\n        y = 1\n    return y\n")
    assert source.problem_line == 3
    assert source.problem.splitlines()[1] == "      return y"


@pytest.mark.parametrize(
    "raw",
    [
        b"x = 1\n\x00\n",
        b"x = '" + b"(" * 10,
        b"(" * 5_000,
        b"x = " + b"-" * 100_000 + b"1\n",
        b"x = " + b"[" * 150 + b"]" * 150 + b"\n" + b"if 1:\n " * 3,
        b"return 1\nyield",
        b"\x0c\x0c)",
    ],
    ids=["nul", "string", "brackets", "minus", "nested", "statement", "form feed"],
)
def test_text_that_python_cannot_parse_is_a_sentence(tmp_path: Path, raw: bytes) -> None:
    source = parsed(tmp_path, raw)
    assert source.stubs == frozenset()
    if raw != b"return 1\nyield":
        assert source.problem.startswith("collation.py is not valid Python: ")


def test_a_long_sum_is_no_crash(tmp_path: Path) -> None:
    source = parsed(tmp_path, STUB + "x = " + "1 + " * 20_000 + "1\n")
    assert source.stubs == {"collate"} or source.problem.startswith("collation.py is not valid Python")


def test_a_huge_file_is_not_parsed(tmp_path: Path) -> None:
    source = parsed(tmp_path, b"#" * (MAX_SOURCE + 1))
    assert source.problem == f"collation.py has {MAX_SOURCE + 1:,} bytes; a solution has a few thousand."


def test_an_empty_file_has_no_problem_and_no_function(tmp_path: Path) -> None:
    source = parsed(tmp_path, b"")
    assert (source.problem, source.stubs, source.lines) == ("", frozenset(), {})


def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    source = read(tmp_path, "collation.py")
    assert source.problem == "collation.py cannot be read: Is a directory."


def test_an_invalid_escape_sequence_warns_nobody(tmp_path: Path) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert stubs_of(tmp_path, 'pattern = "\\d"\nif 1 is 1: pass\n' + STUB) == {"collate"}
    assert caught == []
