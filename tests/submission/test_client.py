"""`Submission`: what a check calls, and the sentences that a failed call becomes."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pytest_trainer.grading.outcome import (
    Broken,
    Outcome,
    Stop,
    TimedOut,
    Unfinished,
    Unsatisfied,
    WrongAnswer,
    verdict_of,
)
from pytest_trainer.submission import client
from pytest_trainer.submission.client import Submission
from pytest_trainer.submission.recipe import Recipe
from pytest_trainer.submission.source import read
from pytest_trainer.submission.transport import InProcess

Open = Callable[..., Submission]


@dataclass(frozen=True, slots=True)
class Slow(Recipe):
    """A recipe that is dear to make for the first time."""

    name: str

    def make(self) -> str:
        """Its name, after a while at the first call."""
        if self.name not in MADE:
            time.sleep(0.6)
            MADE.add(self.name)
        return self.name


MADE: set[str] = set()


@pytest.fixture
def submitted(tmp_path: Path) -> Iterator[Open]:
    """Open a submission whose file has this text."""
    folder = tmp_path / "ada"
    folder.mkdir()
    opened = []

    def submitted(text: str, probes: str = "", **words: Any) -> Submission:
        (folder / "collation.py").write_text(text)
        written = tmp_path / "probes.py" if probes else None
        if written:
            written.write_text(probes)
        source = read(folder / "collation.py", "ada/collation.py")
        words = {"seed": 0, "scratch": tmp_path / "scratch", "transport": InProcess()} | words
        opened.append(Submission(source, probes=written, **words))
        return opened[-1]

    yield submitted
    for one in opened:
        one.close()


def test_a_call_gives_what_came_back_and_what_was_printed(submitted: Open) -> None:
    one = submitted("def add(a, b):\n    print(a, b)\n    return a + b\n")
    assert one.call("add", 1, 2) == 3
    assert one.output == "1 2"
    assert one.call("add", "a", "b") == "ab"


def test_arguments_after_and_probes(submitted: Open) -> None:
    one = submitted("def grow(x): x.append(1)\n", "def grown(student, x):\n    student.grow(x)\n    return x\n")
    assert one.probe("arguments_after", "grow", [0]) == ([0, 1],)
    assert one.probe("grown", [5]) == [5, 1]


# -- seeds ------------------------------------------------------------------------------------------------------------

DRAWING = "import random\ndef draw(): return random.random()\n"


def test_calls_draw_anew_each_time_and_again_in_the_next_run(submitted: Open) -> None:
    draws = [[one.call("draw") for _ in range(3)] for one in (submitted(DRAWING), submitted(DRAWING))]
    assert len(set(draws[0])) == 3
    assert draws[0] == draws[1]
    assert submitted(DRAWING, seed=1).call("draw") != draws[0][0]


def test_a_probe_draws_the_same_each_time(submitted: Open) -> None:
    one = submitted("", "import random\ndef draw(student): return random.random()\n")
    assert one.probe("draw") == one.probe("draw")


# -- sentences --------------------------------------------------------------------------------------------------------


def test_an_exception_is_broken_with_its_lines(submitted: Open) -> None:
    one = submitted("def collate(x):\n    return x['a']\n")
    with pytest.raises(Broken) as caught:
        one.call("collate", {})
    assert caught.value.message.splitlines() == [
        "collate raised KeyError: 'a'",
        "  collation.py, line 2, in collate",
        "    return x['a']",
    ]
    assert caught.value.place == "ada/collation.py:2"
    assert caught.value.about_input


def test_an_error_without_a_text_ends_its_sentence(submitted: Open) -> None:
    with pytest.raises(Broken, match=r"^collate raised ValueError\.\n"):
        submitted("def collate(): raise ValueError\n").call("collate")


def test_an_error_inside_a_library_says_where(submitted: Open) -> None:
    one = submitted("import torch\ndef net():\n    torch.nn.Linear(2, 2)(torch.ones(3))\n")
    with pytest.raises(Broken, match=r"(?s)^net raised RuntimeError.*\n  raised inside torch/nn/modules/\S+$"):
        one.call("net")


def test_each_line_has_an_error_class_of_its_own(submitted: Open) -> None:
    one = submitted("def a(): raise ValueError\ndef b(): raise ValueError\ndef c(): raise KeyError\n")
    classes = []
    for function in "aabc":
        with pytest.raises(Broken) as caught:
            one.call(function)
        classes.append(type(caught.value))
    assert classes[0] is classes[1]
    assert len(set(classes)) == 3
    assert {kind.__name__ for kind in classes} == {"Broken"}


@pytest.mark.parametrize(
    ("body", "kind", "sentence", "about_input"),
    [
        ("raise NotImplementedError", Unfinished, "collate still raises NotImplementedError.", False),
        (
            "import sys; sys.exit()",
            Broken,
            "collate called sys.exit(); leave it out: it would end the whole run.",
            True,
        ),
        ("return 10 ** 5000", WrongAnswer, "The answer cannot be handed over: ", True),
        ("return 1", Broken, "collation.py has no function missing; keep the names of the stub.", False),
    ],
)
def test_other_ends_have_their_sentences(
    submitted: Open, body: str, kind: type[Unsatisfied], sentence: str, about_input: bool
) -> None:
    one = submitted(f"def collate():\n    {body}\n")
    with pytest.raises(kind) as caught:
        one.call("missing" if "missing" in sentence else "collate")
    assert caught.value.message.startswith(sentence)
    assert caught.value.about_input is about_input


def test_an_unusable_answer_is_a_wrong_one(submitted: Open) -> None:
    probes = "from pytest_trainer.submission import Unusable\ndef look(student): raise Unusable('No Trainer.')\n"
    with pytest.raises(WrongAnswer, match=r"^No Trainer\.$"):
        submitted("", probes).probe("look")


def test_a_probe_of_ours_that_breaks_is_no_verdict(submitted: Open) -> None:
    with pytest.raises(
        RuntimeError, match="in the grader's own code on the student's side: division by zero"
    ) as caught:
        submitted("", "def broken(student): 1 / 0\n").probe("broken")
    assert verdict_of(caught.value) is None


# -- loading ----------------------------------------------------------------------------------------------------------


def test_a_file_that_raises_while_loading_says_so_at_every_call(submitted: Open, tmp_path: Path) -> None:
    one = submitted(f"open({str(tmp_path / 'log')!r}, 'a').write('x')\nraise ValueError('no')\n")
    for _ in range(3):
        with pytest.raises(Broken) as caught:
            one.call("collate")
        assert caught.value.message.splitlines() == [
            "Loading ada/collation.py raised ValueError: no",
            "  collation.py, line 2, in <module>",
            "    raise ValueError('no')",
        ]
        assert not caught.value.about_input
    assert (tmp_path / "log").read_text() == "x"


def test_a_file_that_never_ends_loading_says_so(submitted: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "LOAD_SECONDS", 0.3)
    one = submitted("while True: pass\n")
    for _ in range(2):
        with pytest.raises(TimedOut, match=r"^ada/collation\.py did not finish loading within 0\.3 seconds\.$"):
            one.call("collate")


def test_a_file_that_exits_says_so(submitted: Open) -> None:
    with pytest.raises(Broken, match=r"^Loading ada/collation\.py called sys\.exit\(\)"):
        submitted("import sys\nsys.exit(0)\n").call("collate")


def test_what_is_printed_while_loading_is_no_functions_output(submitted: Open) -> None:
    one = submitted("print('loading')\ndef quiet(): pass\n")
    one.call("quiet")
    assert one.output == ""


# -- limits -----------------------------------------------------------------------------------------------------------


def test_a_call_has_its_limit_and_after_one_timeout_less(submitted: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "AFTER_A_TIMEOUT", 0.2)
    one = submitted("def loop():\n    while True: pass\ndef one(): return 1\n")
    with pytest.raises(TimedOut) as caught:
        one.call("loop", limit=0.4)
    assert caught.value.message == "loop gave no answer within 0.4 seconds; is there a loop that does not end?"
    with pytest.raises(TimedOut, match=r"within 0\.2 seconds"):
        one.call("loop", limit=5.0)
    assert one.call("one") == 1


def test_a_timeout_that_is_swallowed_rings_again(submitted: Open) -> None:
    text = (
        "def stubborn():\n    for _ in range(3):\n        try:\n            while True: pass\n"
        "        except BaseException: pass\n    while True: pass\n"
    )
    with pytest.raises(TimedOut, match=r"^stubborn gave no answer within 0\.2 seconds"):
        submitted(text).call("stubborn", limit=0.2)


def test_a_probe_that_finds_no_end_says_your_code(submitted: Open) -> None:
    one = submitted("def loop():\n    while True: pass\n", "def run(student): student.loop()\n")
    with pytest.raises(TimedOut, match=r"^Your code came to no end within 0\.2 seconds"):
        one.probe("run", limit=0.2)


@pytest.mark.parametrize("words", [{"limits": False}, {}])
def test_without_limits_a_call_may_take_its_time(submitted: Open, words: dict[str, Any]) -> None:
    one = submitted("import time\ndef slow():\n    time.sleep(0.4)\n    return 1\n", **words)
    assert one.call("slow", limit=0.1 if words else None) == 1


def test_making_a_recipe_is_not_the_students_time(submitted: Open) -> None:
    one = submitted("def first(x): return x[0]\n")
    assert one.call("first", [Slow("listed")], limit=0.3) == "listed"
    MADE.clear()
    assert one.call("first", (Slow("other"),), limit=2) == "other"


# -- notes ------------------------------------------------------------------------------------------------------------


def test_notes_are_kept_once(submitted: Open) -> None:
    one = submitted("import random\ndef draw(): random.random()\n")
    one.call("draw")
    one.call("draw")
    one.note("Mine.")
    told = "Your code set a random seed or drew random numbers; the random state was put back."
    assert list(one.notes) == [told, "Mine."]


def test_files_left_anywhere_are_listed(submitted: Open, tmp_path: Path) -> None:
    folder = tmp_path / "ada"
    one = submitted(
        f"def write():\n    open('here.txt', 'w').close()\n    open({str(folder / 'there.bin')!r}, 'w').close()\n"
    )
    assert one.written_outside(tmp_path / "scratch") == []
    one.call("write")
    assert one.written_outside(tmp_path / "scratch") == ["here.txt", "there.bin"]
    assert one.written_outside(folder) == ["here.txt"]


# -- replies that are none --------------------------------------------------------------------------------------------


class Forged:
    """A transport whose far side answers with bytes of its own making."""

    def __init__(self, reply: bytes) -> None:
        self.generation, self.reply = 0, reply

    def __call__(self, request: bytes, limit: float | None) -> bytes:  # noqa: ARG002 - a transport's signature
        return self.reply

    def close(self) -> None:
        """Nothing."""


def header(text: str) -> bytes:
    return len(text).to_bytes(8, "little") + text.encode()


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"nonsense" * 9,
        header("3"),
        header('{"$": "dict", "items": [["error", 3]]}'),
        header('{"$": "dict", "items": [["error", {"$": "dict", "items": []}]]}'),
        header('{"$": "dict", "items": [["notes", 3]]}'),
    ],
    ids=["empty", "nonsense", "number", "error number", "error empty", "notes number"],
)
def test_a_reply_that_cannot_be_read_is_the_students_doing(submitted: Open, reply: bytes) -> None:
    one = submitted("def collate(): return 1\n", transport=Forged(reply))
    with pytest.raises((Unsatisfied, Stop)) as caught:
        one.call("collate")
    verdict = verdict_of(caught.value)
    assert verdict is not None
    assert verdict.outcome in (Outcome.ERROR, Outcome.FAILED)
