"""Events read from whatever a process left behind."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_trainer.full_run.events import KINDS, MOST_FIELDS, last_number, number, parse_events, read_events

quick = settings(deadline=None, database=None)
LOG = {"event": "log", "step": 50, "loss": 0.61}


def lines(*events):
    return "\n".join(json.dumps(event) for event in events).encode()


def test_there_are_no_events_before_there_is_a_file(tmp_path):
    assert read_events(tmp_path / "events.jsonl") == []


def test_what_is_there_and_no_file_is_an_error(tmp_path):
    with pytest.raises(OSError, match="directory"):
        read_events(tmp_path)


@pytest.mark.parametrize("cut", range(1, len(lines(LOG))))
def test_a_half_written_last_line_is_passed_over(tmp_path, cut):
    path = tmp_path / "events.jsonl"
    path.write_bytes(lines(LOG, LOG)[:-cut])
    assert read_events(path) == [LOG]


def test_a_whole_last_line_counts_without_its_newline(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_bytes(lines(LOG, LOG))
    assert read_events(path) == [LOG, LOG]


@pytest.mark.parametrize(
    "odd", [b"", b"{}", b"[]", b"null", b'"log"', b'{"event": "other"}', b'{"event": ["log"]}', b"[" * 100_000, b"\xff"]
)
def test_a_line_that_is_no_event_is_passed_over(odd):
    assert parse_events(lines(LOG) + b"\n" + odd + b"\n" + lines(LOG)) == [LOG, LOG]


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1" + "0" * 400, "true", "[1]", '{"a": 1}', "null"])
def test_a_field_that_is_no_finite_number_and_no_text_is_none(value):
    (event,) = parse_events(b'{"event": "log", "loss": %s}' % value.encode())
    assert event == {"event": "log", "loss": None}


def test_long_texts_and_many_fields_are_cut():
    (event,) = parse_events(lines({"event": "log", "a": "x" * 10_000} | {f"k{i}": i for i in range(1000)}))
    assert len(event["a"]) == 200
    assert len(event) == MOST_FIELDS


def test_the_newest_number_of_a_name():
    events = parse_events(lines({**LOG, "tokens": 5}, {**LOG, "tokens": None}, LOG))
    assert last_number(events, "tokens") == 5
    assert last_number(events, "seconds") is None


@quick
@given(st.lists(st.one_of(st.binary(), st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.sampled_from(KINDS),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["event", "step", "loss"]) | st.text(), inner),
).map(lambda value: json.dumps(value).encode()))))  # fmt: skip
def test_whatever_stands_in_a_file_becomes_plain_events(parts):
    for event in parse_events(b"\n".join(parts)):
        assert event["event"] in KINDS
        assert all(value is None or isinstance(value, int | float | str) for value in event.values())
        assert all(number(event, key) is None or math.isfinite(number(event, key)) for key in event)
