"""Gradebooks read back: as they were written, or refused with what is wrong."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from classroom.gradebooks import any_books, book, row
from pytest_trainer.grading.gradebook import Gradebook
from pytest_trainer.grading.outcome import Outcome
from pytest_trainer.grading.reading import UnreadableGradebook, read_gradebook

ALL = book(*(row(outcome, points) for points, outcome in enumerate(Outcome)))


@settings(max_examples=50, deadline=None)
@given(any_books(*Outcome))
def test_what_was_written_is_read_back(written: Gradebook) -> None:
    data = written.to_json().encode("utf-8", "surrogatepass")
    assert read_gradebook(data).to_json() == written.to_json()


def test_every_outcome_is_read_back() -> None:
    assert read_gradebook(ALL.to_json().encode()) == ALL


@pytest.mark.parametrize(
    "data",
    [b"", b"{", ALL.to_json().encode()[:-20], b"\xff\xfe\x00", b"[" * 100_000, b'{"schema": NaN}', b"9" * 5000],
    ids=["empty", "cut", "cut late", "binary", "deep", "NaN", "huge number"],
)
def test_what_is_no_json_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableGradebook, match=r"is no JSON"):
        read_gradebook(data)


@pytest.mark.parametrize("data", [b"[]", b"1", b"null", b"{}", b'{"score": 5}'])
def test_json_of_something_else_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableGradebook, match="is no gradebook"):
        read_gradebook(data)


@pytest.mark.parametrize("schema", [0, 2, "1", 1.0, True, None, []])
def test_another_schema_is_refused(schema: object) -> None:
    with pytest.raises(UnreadableGradebook, match="has another schema than 1"):
        read_gradebook(json.dumps({"schema": schema}).encode())


PLACES: dict[str, tuple[Any, ...]] = {
    "submission": (),
    "seed": (),
    "versions": (),
    "score": (),
    "exercises": (),
    "title": ("exercises", 0),
    "max_score": ("exercises", 0),
    "checks": ("exercises", 0),
    "outcome": ("exercises", 0, "checks", 1),
    "evidence": ("exercises", 0, "checks", 1),
    "message": ("exercises", 0, "checks", 1),
    "duration": ("exercises", 0, "checks", 1),
}


VALUES = ("missing", None, [1], {"a": 1}, -1, 10**30, True, 0.5)
GOOD = (("duration", 0.5), ("seed", -1), ("seed", 10**30))


@pytest.mark.parametrize(
    ("key", "value"), [(key, value) for key in PLACES for value in VALUES if (key, value) not in GOOD]
)
def test_a_damaged_place_is_named(key: str, value: object) -> None:
    place = PLACES[key]
    plain = json.loads(ALL.to_json())
    part = plain
    for step in place:
        part = part[step]
    if value == "missing":
        del part[key]
    else:
        part[key] = value
    with pytest.raises(UnreadableGradebook) as refused:
        read_gradebook(json.dumps(plain).encode())
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in (*place, key)).lstrip(".")
    assert str(refused.value).startswith(f"is damaged: {path} ")


@pytest.mark.parametrize(("i", "score"), [(0, 1), (1, 1)])
def test_a_score_that_does_not_fit_its_outcome_is_refused(i: int, score: int) -> None:
    plain = json.loads(book(row(Outcome.PASSED, 2), row(Outcome.FAILED, 2)).to_json())
    plain["exercises"][0]["checks"][i]["score"] = score
    with pytest.raises(UnreadableGradebook, match=rf"checks\[{i}\].score does not fit its outcome"):
        read_gradebook(json.dumps(plain).encode())


@pytest.mark.parametrize("key", ["score", "max_score"])
def test_a_total_that_is_not_the_sum_is_refused(key: str) -> None:
    plain = json.loads(ALL.to_json())
    plain[key] += 1
    with pytest.raises(UnreadableGradebook, match=f"is damaged: {key} is not the sum of its checks"):
        read_gradebook(json.dumps(plain).encode())
