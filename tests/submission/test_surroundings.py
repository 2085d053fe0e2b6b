"""What a student's code may disturb is as it was after the call, and is said in a sentence."""

import io
import os
import random
import shutil
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from pytest_trainer.submission.surroundings import KEPT_OUTPUT, Printed, Surroundings

Enter = Callable[..., Surroundings]


@pytest.fixture
def enter(tmp_path: Path) -> Enter:
    """Run a function in surroundings of its own."""
    folder = tmp_path / "student"
    folder.mkdir()

    def enter(code: Callable[[], object], seed: int = 1, capture: bool = True) -> Surroundings:
        around = Surroundings(tmp_path / "scratch" / "work", folder, seed, capture)
        with around():
            code()
        return around

    return enter


# -- the working directory --------------------------------------------------------------------------------------------


def test_the_working_directory_is_empty_and_put_back(enter: Enter, tmp_path: Path) -> None:
    before, seen = Path.cwd(), []
    around = enter(lambda: seen.extend((Path.cwd(), list(Path().iterdir()))))
    assert seen == [tmp_path / "scratch" / "work", []]
    assert Path.cwd() == before
    assert around.notes == []


def test_a_changed_directory_is_put_back_and_told(enter: Enter, tmp_path: Path) -> None:
    before = Path.cwd()
    around = enter(lambda: os.chdir(tmp_path))
    assert Path.cwd() == before
    assert around.notes == [f"Your code changed the working directory to {tmp_path}; it was put back."]


def test_files_left_are_listed_removed_and_told(enter: Enter, tmp_path: Path) -> None:
    def leave() -> None:
        for name in "abcd":
            Path(f"{name}.txt").write_text(name)
        Path("runs/events").mkdir(parents=True)
        Path("runs/events/log").write_text("")
        Path("link").symlink_to(tmp_path / "student")

    around = enter(leave)
    assert around.left == ["a.txt", "b.txt", "c.txt", "d.txt", "runs/events/log"]
    assert around.notes == ["Your code left 5 file(s) in the working directory (a.txt, b.txt, c.txt ...); removed."]
    assert list((tmp_path / "scratch" / "work").iterdir()) == []
    assert (tmp_path / "student").is_dir()


def test_an_empty_folder_left_is_removed_without_a_word(enter: Enter, tmp_path: Path) -> None:
    around = enter(lambda: Path("empty").mkdir())
    assert (around.left, around.notes) == ([], [])
    assert list((tmp_path / "scratch" / "work").iterdir()) == []


def test_a_working_directory_that_is_gone_is_no_error(enter: Enter) -> None:
    before = Path.cwd()
    around = enter(lambda: shutil.rmtree(Path.cwd()))
    assert Path.cwd() == before
    assert around.left == []
    assert enter(lambda: Path("next").write_text("works")).left == ["next"]


def test_everything_is_put_back_when_the_code_raises(enter: Enter, tmp_path: Path) -> None:
    before = Path.cwd(), sys.stdout, dict(os.environ)

    def fail() -> None:
        os.chdir(tmp_path)
        os.environ["TRAINER_TEST"] = "1"
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        enter(fail)
    assert (Path.cwd(), sys.stdout, dict(os.environ)) == before


# -- the interpreter --------------------------------------------------------------------------------------------------


def test_the_environment_is_put_back(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAINER_OLD", "old")

    def change() -> None:
        os.environ["TRAINER_NEW"] = "new"
        os.environ["TRAINER_OLD"] = "changed"
        del os.environ["PATH"]

    before = dict(os.environ)
    enter(change)
    assert dict(os.environ) == before
    assert os.getenv("TRAINER_OLD") == "old"


def test_only_the_students_folder_joins_the_path_and_it_comes_last(enter: Enter, tmp_path: Path) -> None:
    before, seen = list(sys.path), []

    def look() -> None:
        seen.extend(sys.path)
        sys.path.insert(0, "/nowhere")
        sys.path.clear()

    enter(look)
    assert seen == [*before, str(tmp_path / "student")]
    assert sys.path == before


def test_the_recursion_limit_is_put_back(enter: Enter) -> None:
    before = sys.getrecursionlimit()
    enter(lambda: sys.setrecursionlimit(before + 500))
    assert sys.getrecursionlimit() == before


def test_warnings_are_nobodys_business(enter: Enter) -> None:
    before = list(warnings.filters)

    def warn() -> None:
        warnings.warn("old", DeprecationWarning, stacklevel=1)
        warnings.simplefilter("error")

    enter(warn)
    assert list(warnings.filters) == before


def test_torch_settings_are_put_back(enter: Enter) -> None:
    def change() -> None:
        torch.set_default_dtype(torch.float64)
        torch.set_grad_enabled(False)

    enter(change)
    assert torch.get_default_dtype() is torch.float32
    assert torch.is_grad_enabled()


@pytest.mark.parametrize("settings", [{"fp16": True}, {"bf16": True, "use_cpu": True}], ids=str)
def test_a_precision_does_not_reach_the_next_training(
    enter: Enter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, bool]
) -> None:
    from accelerate import Accelerator
    from accelerate.state import AcceleratorState
    from transformers import Trainer, TrainingArguments

    monkeypatch.delenv("ACCELERATE_MIXED_PRECISION", raising=False)
    monkeypatch.setattr(AcceleratorState, "_shared_state", {})
    earlier = TrainingArguments(str(tmp_path / "earlier"))

    def precision(arguments: TrainingArguments) -> str:
        return str(Trainer(torch.nn.Linear(1, 1), arguments).accelerator.mixed_precision)

    seen: list[str] = []
    enter(lambda: seen.append(precision(TrainingArguments(str(tmp_path / "theirs"), **settings))))
    assert seen == [next(iter(settings))]
    assert precision(earlier) == "no"
    assert Accelerator().mixed_precision == "no"
    assert precision(TrainingArguments(str(tmp_path / "later"))) == "no"


def test_an_accelerator_that_the_code_keeps_goes_on_working(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    from accelerate import Accelerator
    from accelerate.state import AcceleratorState

    monkeypatch.setattr(AcceleratorState, "_shared_state", {})
    kept: list[Accelerator] = []
    enter(lambda: kept.append(Accelerator()))
    enter(lambda: kept[0].backward(torch.ones(1, requires_grad=True).sum()))
    assert kept[0].device.type == "cpu"


# -- random numbers ---------------------------------------------------------------------------------------------------

DRAWS: dict[str, Callable[[], object]] = {
    "random": random.random,
    "numpy": lambda: float(np.random.rand()),
    "torch": lambda: torch.rand(1).item(),
}


@pytest.mark.parametrize("library", DRAWS)
def test_draws_depend_on_the_calls_seed_alone(enter: Enter, library: str) -> None:
    drawn: dict[int, list[object]] = {1: [], 2: []}
    for seed in (1, 2, 1, 2):
        DRAWS[library]()
        enter(lambda seed=seed: drawn[seed].append(DRAWS[library]()), seed=seed)
    assert len(set(drawn[1])) == len(set(drawn[2])) == 1
    assert drawn[1] != drawn[2]


@pytest.mark.parametrize("library", DRAWS)
def test_the_callers_random_state_is_put_back(enter: Enter, library: str) -> None:
    draw = DRAWS[library]
    random.seed(5)
    np.random.seed(5)
    torch.manual_seed(5)
    wanted = [draw(), draw()]
    random.seed(5)
    np.random.seed(5)
    torch.manual_seed(5)
    came = [draw()]
    around = enter(draw)
    assert around.random_touched
    assert [*came, draw()] == wanted


@pytest.mark.parametrize(
    "code",
    [lambda: random.seed(0), lambda: np.random.seed(0), lambda: torch.manual_seed(0), *DRAWS.values()],
)
def test_touching_a_random_state_is_seen(enter: Enter, code: Callable[[], object]) -> None:
    assert enter(code).random_touched


def test_generators_of_their_own_touch_nothing(enter: Enter) -> None:
    def code() -> None:
        random.Random(0).random()
        np.random.default_rng(0).random()
        torch.rand(1, generator=torch.Generator().manual_seed(0))

    assert not enter(code).random_touched


# -- what is printed --------------------------------------------------------------------------------------------------


def test_what_is_printed_is_kept_and_not_shown(enter: Enter, capsys: pytest.CaptureFixture[str]) -> None:
    def code() -> None:
        print("hello", "Zoë")
        sys.stdout.buffer.write(b"raw\n")
        print("bad", file=sys.stderr)

    around = enter(code)
    assert around.printed.text() == "hello Zoë\nraw"
    assert capsys.readouterr() == ("", "")


def test_output_is_bounded_however_much_it_is(enter: Enter) -> None:
    def code() -> None:
        for _ in range(1_000):
            print("x" * 999)

    around = enter(code)
    assert around.printed.text().endswith(f"\n... and {1_000_000 - KEPT_OUTPUT:,} bytes more")
    assert len(around.printed.text()) < KEPT_OUTPUT + 40
    assert len(around.printed.kept) == KEPT_OUTPUT


def test_output_in_no_encoding_is_readable_all_the_same() -> None:
    printed = Printed()
    printed.write(b"10%\r20%\r\xff done\n\n")
    assert printed.text() == "10%\n20%\n\ufffd done"


def test_text_that_has_no_bytes_can_be_printed(enter: Enter) -> None:
    assert enter(lambda: print("lone \ud800")).printed.text() == "lone ?"


@pytest.mark.parametrize(
    "code",
    [
        lambda: sys.stdout.close(),
        lambda: setattr(sys, "stdout", None),
        lambda: sys.stderr.close(),
        lambda: sys.stdout.detach(),
    ],
    ids=["close", "none", "close stderr", "detach"],
)
@pytest.mark.parametrize("capture", [True, False])
def test_streams_are_put_back_whatever_was_done_to_them(
    enter: Enter, code: Callable[[], object], capture: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO()))
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(io.BytesIO()))
    before = sys.stdin, sys.stdout, sys.stderr
    enter(code, capture=capture)
    assert (sys.stdin, sys.stdout, sys.stderr) == before


def test_without_capture_the_output_goes_through(enter: Enter, capsys: pytest.CaptureFixture[str]) -> None:
    around = enter(lambda: print("seen"), capture=False)
    assert capsys.readouterr().out == "seen\n"
    assert around.printed.text() == ""
