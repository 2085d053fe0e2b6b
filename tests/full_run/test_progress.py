"""One line for any event in any width, and a follower that never disturbs the run."""

import json
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from full_run.trained import events
from pytest_trainer.full_run import progress
from pytest_trainer.full_run.events import KINDS, parse_events
from pytest_trainer.full_run.progress import QUIET, Follower, Screen, printed, progress_line, shown

quick = settings(deadline=None, database=None)
KEYS = [
    "step",
    "max_steps",
    "epoch",
    "loss",
    "learning_rate",
    "seconds",
    "tokens",
    "eval_loss",
    "eval_accuracy",
    "eval_f1",
]
START = {"event": "start", "step": 0, "max_steps": 690, "seconds": 0.0}
LOG = {
    "event": "log",
    "step": 150,
    "epoch": 0.6522,
    "loss": 0.5123,
    "learning_rate": 3.91e-05,
    "seconds": 3.3,
    "tokens": 108537,
}
EVALUATION = {
    "event": "evaluation",
    "step": 230,
    "epoch": 1.0,
    "eval_loss": 0.5,
    "eval_accuracy": 0.775,
    "eval_f1": 0.842,
}
END = {"event": "end", "step": 690, "seconds": 77.3, "tokens": 569000}

any_events = st.lists(
    st.builds(
        lambda kind, fields: parse_events(json.dumps({**fields, "event": kind}).encode())[0],
        st.sampled_from(KINDS),
        st.dictionaries(st.sampled_from(KEYS), st.floats() | st.integers() | st.none() | st.text() | st.booleans()),
    ),
    max_size=6,
)


@quick
@given(any_events, st.integers(30, 200), st.text())
def test_any_events_give_one_ascii_line_that_fits(some, width, label):
    line = progress_line(some, width, label)
    assert len(line) <= width
    assert line.isascii()
    assert line.isprintable()


@pytest.mark.parametrize(
    ("some", "width", "wanted"),
    [
        ([START, LOG], 80, "step 150/690  epoch 0.65  loss 0.512  lr 3.9e-05  32,890 tokens/s  00:12 left"),
        ([START, LOG], 60, "step 150/690  epoch 0.65  loss 0.512  lr 3.9e-05  00:12 left"),
        ([START, LOG], 40, "step 150/690  loss 0.512  00:12 left"),
        ([START, EVALUATION], 80, "step 230/690  evaluated  epoch 1.00  loss 0.500  accuracy 0.775  F1 0.842"),
        ([START, EVALUATION], 40, "step 230/690  accuracy 0.775  F1 0.842"),
        ([START, END], 80, "step 690/690  trained in 01:17  7,361 tokens/s"),
        ([START], 80, "step 0/690"),
        ([], 80, "step 0"),
    ],
)
def test_the_line_of_the_newest_event(some, width, wanted):
    assert progress_line(some, width) == wanted


def test_the_label_stands_in_front():
    assert progress_line([START, LOG], 40, "seed 43") == "seed 43  step 150/690  loss 0.512"


def test_the_time_left_after_a_resume_is_at_the_pace_since_then():
    resumed = [START, LOG, {**START, "step": 460, "seconds": 10.0}, {**LOG, "step": 470, "seconds": 11.0}]
    assert "00:22 left" in progress_line(resumed, 80)


def test_hours_are_shown_as_hours():
    assert "2:00:00 left" in progress_line([START, {**LOG, "step": 345, "seconds": 7200.0}], 80)


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize(("kind", "since", "anyway"), [("evaluation", 0, True), ("end", 0, True), ("start", 99, False)])
def test_evaluations_and_the_end_are_always_shown_and_a_start_never(terminal, kind, since, anyway):
    assert shown(kind, since, Screen(terminal)) is anyway


def test_a_log_event_is_shown_where_it_rewrites_a_line_and_elsewhere_each_ten_seconds():
    assert shown("log", 0, Screen(terminal=True))
    assert not shown("log", QUIET - 0.1, Screen())
    assert shown("log", QUIET, Screen())


def test_a_line_is_rewritten_only_on_a_terminal():
    screen = Screen(terminal=True, width=10)
    assert printed("abc", "log", screen) == "\rabc      "
    assert printed("abc", "evaluation", screen) == "\rabc      \n"
    assert printed("abc", "log", Screen()) == "abc\n"


def write(path, some, mode="w"):
    with path.open(mode, encoding="utf-8") as file:
        file.writelines(json.dumps(event) + "\n" for event in some)


def wait_for(condition):
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert condition()


@pytest.fixture(autouse=True)
def often(monkeypatch):
    monkeypatch.setattr(progress, "POLL", 0.01)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "events.jsonl"


def test_lines_come_while_the_block_runs_and_the_last_ones_at_its_end(path):
    pieces = []
    with Follower(path, pieces.append, Screen()):
        write(path, [START, LOG])
        wait_for(lambda: len(pieces) == 1)
        write(path, [{**LOG, "step": 160}, EVALUATION], "a")
        wait_for(lambda: len(pieces) == 2)
        write(path, [END], "a")
    assert [piece.split("  ")[0] for piece in pieces] == ["step 150/690", "step 230/690", "step 690/690"]


def test_a_half_written_line_is_shown_once_it_is_whole(path):
    pieces = []
    with Follower(path, pieces.append, Screen()):
        path.write_text(json.dumps(START) + "\n" + json.dumps(LOG)[:30])
        time.sleep(0.05)
        assert pieces == []
        write(path, [START, LOG])
        wait_for(lambda: len(pieces) == 1)


@pytest.mark.parametrize("way", ["truncated", "replaced"])
def test_a_file_that_is_rewritten_on_a_resume_is_followed_from_there(path, way):
    pieces = []
    later = [{**EVALUATION, "step": step, "eval_accuracy": 0.1} for step in (460, 690)]
    again = {**EVALUATION, "step": 460, "eval_accuracy": 0.9}
    with Follower(path, pieces.append, Screen()):
        write(path, [START, EVALUATION, *later])
        wait_for(lambda: len(pieces) == 3)
        other = path if way == "truncated" else path.with_suffix(".new")
        write(other, [START, EVALUATION, {**START, "step": 230}, again])
        other.replace(path)
        wait_for(lambda: len(pieces) == 4)
    assert "accuracy 0.900" in pieces[-1]
    assert len(pieces) == 4


def test_a_terminal_gets_the_last_line_ended(path):
    pieces = []
    write(path, [START, LOG, {**LOG, "step": 160}])
    with Follower(path, pieces.append, Screen(terminal=True)):
        wait_for(lambda: len(pieces) == 2)
    assert pieces[0].startswith("\rstep 150/690")
    assert pieces[-1] == "\n"


def test_a_whole_training_at_once_is_three_evaluations_and_little_more(path):
    pieces = []
    write(path, [dict(event) for event in events()])
    with Follower(path, pieces.append, Screen()):
        pass
    assert len(pieces) == 1 + 3 + 1


def broken(_):
    raise ValueError("I/O operation on closed file")


@pytest.mark.parametrize("odd", ["missing", "a folder", "no events"])
def test_without_events_nothing_is_written(path, odd):
    if odd == "a folder":
        path.mkdir()
    elif odd == "no events":
        path.write_bytes(b"\x00\xff{}\n")
    with Follower(path, broken, Screen()):
        time.sleep(0.05)


def test_a_write_that_fails_ends_the_lines_and_nothing_else(path):
    write(path, [START, EVALUATION])
    follower = Follower(path, broken, Screen())
    with follower:
        wait_for(lambda: not follower._thread.is_alive())


def test_an_exception_of_the_run_passes_through(path):
    with pytest.raises(KeyError, match="own"), Follower(path, broken, Screen()):
        raise KeyError("own")


def test_the_end_does_not_wait_for_a_write_that_hangs(path, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 0.1)
    release = threading.Event()
    write(path, [START, EVALUATION])
    before = time.monotonic()
    with Follower(path, lambda _: release.wait(20), Screen()):
        pass
    assert time.monotonic() - before < 5
    release.set()
