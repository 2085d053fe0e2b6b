"""The student's file as live code: its private name, its functions one at a time, the sentences about them."""

import pickle
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_trainer.submission.student import (
    PRIVATE,
    MissingFunction,
    Student,
    WrongSignature,
    forget_modules_of,
    import_ahead,
    load,
)


@pytest.fixture(autouse=True)
def modules() -> Iterator[None]:
    """Forget what a test loaded."""
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        del sys.modules[name]


def student(tmp_path: Path, text: str) -> Student:
    path = tmp_path / "collation.py"
    path.write_text(text)
    return Student(load(path, "student"), path.name, tmp_path)


def test_a_file_has_a_private_name(tmp_path: Path) -> None:
    one = student(tmp_path, "name = __name__\nfile = __file__\n").module
    assert one.name.startswith(PRIVATE)
    assert one.file == str(tmp_path / "collation.py")
    assert sys.modules[one.name] is one
    assert "collation" not in sys.modules


def test_files_of_the_same_name_are_two_modules(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    one, other = student(tmp_path, "x = 1"), student(tmp_path / "b", "x = 2")
    assert (one.module.x, other.module.x) == (1, 2)
    assert one.module.__name__ != other.module.__name__


def test_no_bytecode_is_written_or_read(tmp_path: Path) -> None:
    assert student(tmp_path, "x = 1").module.x == 1
    assert student(tmp_path, "x = 2").module.x == 2
    assert [path.name for path in tmp_path.iterdir()] == ["collation.py"]


def test_the_part_for_running_it_as_a_program_does_not_run(tmp_path: Path) -> None:
    one = student(tmp_path, "ran = False\nif __name__ == '__main__':\n    ran = True\n")
    assert one.module.ran is False


def test_a_file_that_raises_leaves_no_half_of_a_module(tmp_path: Path) -> None:
    before = set(sys.modules)
    for error, text in ((ZeroDivisionError, "1 / 0"), (SystemExit, "raise SystemExit"), (SyntaxError, "def")):
        with pytest.raises(error):
            student(tmp_path, text)
    assert set(sys.modules) == before


def test_our_own_future_imports_are_not_inherited(tmp_path: Path) -> None:
    one = student(tmp_path, "def f(x: int): ...\nkind = f.__annotations__['x']\n")
    assert one.module.kind is int


def test_dataclasses_with_postponed_annotations_work(tmp_path: Path) -> None:
    text = (
        "from __future__ import annotations\nfrom dataclasses import dataclass, KW_ONLY\nfrom typing import ClassVar\n"
        "@dataclass\nclass Point:\n    kind: ClassVar[str] = 'p'\n    x: int\n    _: KW_ONLY\n    y: int = 0\n"
    )
    point = student(tmp_path, text).module.Point(1, y=2)
    assert (point.x, point.y) == (1, 2)


def test_a_class_of_the_module_can_be_pickled(tmp_path: Path) -> None:
    one = student(tmp_path, "class Point:\n    x = 1\ndef f(): ...\n").module
    assert pickle.loads(pickle.dumps(one.Point())).x == 1
    assert pickle.loads(pickle.dumps(one.f)) is one.f


def test_a_coding_cookie_and_a_bom_are_honoured(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes("# coding: latin-1\nname = 'Zoë'\n".encode("latin-1"))
    assert load(path, "student").name == "Zoë"
    path.write_bytes(b"\xef\xbb\xbfname = 'Zo\xc3\xab'\r\n")
    assert load(path, "student").name == "Zoë"


# -- functions --------------------------------------------------------------------------------------------------------


def test_functions_are_attributes(tmp_path: Path) -> None:
    one = student(tmp_path, "def add(a, b=2): return a + b\nclass Adder:\n    def __init__(self, a): self.a = a\n")
    assert one.add(1) == 3
    assert one.add(1, 1) == 2
    assert one.Adder(4).a == 4
    assert one.scratch == tmp_path


def test_a_missing_function_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(MissingFunction, match=r"collation\.py has no function collate; keep the names of the stub\."):
        student(tmp_path, "").collate()


def test_something_else_of_that_name_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(MissingFunction, match="cannot be called"):
        student(tmp_path, "collate = 3").collate()


@pytest.mark.parametrize(
    ("signature", "shown"),
    [
        ("a", "a"),
        ("a, b, c", "a, b, c"),
        ("a, b: int, *, c", "a, b, c"),
        ("*, a=1, b=2", "a, b"),
        ("", ""),
    ],
)
def test_a_signature_that_cannot_take_the_arguments_is_a_sentence(tmp_path: Path, signature: str, shown: str) -> None:
    one = student(tmp_path, f"def collate({signature}): ...\n")
    with pytest.raises(WrongSignature) as caught:
        one.collate(1, 2)
    assert str(caught.value).startswith(f"collate({shown}) is called with 2 arguments, as the stub says, and ")
    assert str(caught.value).endswith("Keep the stub's signature.")


def test_a_type_error_inside_is_not_taken_for_the_signature(tmp_path: Path) -> None:
    one = student(tmp_path, "def collate(a): return len(a)\n")
    with pytest.raises(TypeError, match="has no len"):
        one.collate(1)


def test_callables_without_a_signature_are_called(tmp_path: Path) -> None:
    assert student(tmp_path, "collate = max\n").collate(1, 2) == 2


# -- modules beside the file ------------------------------------------------------------------------------------------


def test_only_modules_of_that_folder_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("ada", "bob"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"helper_of_{folder}.py").write_text("")
        monkeypatch.syspath_prepend(str(tmp_path / folder))
        __import__(f"helper_of_{folder}")
    one = student(tmp_path / "ada", "x = 1").module
    forget_modules_of(tmp_path / "ada")
    assert "helper_of_ada" not in sys.modules
    assert "helper_of_bob" in sys.modules
    assert sys.modules[one.__name__] is one


def test_imports_ahead_are_those_of_the_libraries_and_never_raise() -> None:
    import_ahead(
        [("xml.dom.minidom", ""), ("wave", ""), ("json", "nothing"), ("json.none", ""), ("json", "*")],
        frozenset({"json", "xml"}),
    )
    assert "xml.dom.minidom" in sys.modules
    assert "wave" not in sys.modules
