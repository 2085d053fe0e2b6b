"""The gradebook: a row for every check, whatever became of it, so that no total ever shrinks."""

import json
from dataclasses import asdict, replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_trainer.grading.gradebook import Gradebook, Planned, build_gradebook, unfinished
from pytest_trainer.grading.outcome import Outcome

ABOUT: dict[str, Any] = {
    "submission": "ada",
    "seed": 3,
    "world": "tiny",
    "isolation": "none",
    "versions": {"python": "3.13.0"},
}
quick = settings(deadline=None, database=None)
words = st.text(max_size=8)
outcomes = st.sampled_from(Outcome)


def planned(exercise: str, name: str, points: int = 2, **about: Any) -> Planned:
    return Planned(
        nodeid=f"exercises/{exercise}/test_x.py::{name}",
        file=f"{exercise}/test_x.py",
        name=name,
        exercise=exercise,
        title=f"Title of {exercise}",
        points=points,
        evidence="result",
        hint="A hint.",
        **about,
    )


plans = st.lists(
    st.builds(
        planned,
        st.sampled_from(["01_a", "02_b", "03_c"]),
        st.sampled_from([f"test_{letter}" for letter in "abcdef"]),
        st.integers(0, 9),
        outcome=outcomes,
    ),
    max_size=12,
    unique_by=lambda check: check.nodeid,
)


@st.composite
def runs(draw: st.DrawFn) -> tuple[list[Planned], dict[str, dict[str, Any]]]:
    checks = draw(plans)
    verdict = st.fixed_dictionaries(
        {"outcome": outcomes, "duration": st.floats(0, 100)},
        optional={"message": words, "diagnosis": words, "place": words, "output": words},
    )
    known = [check.nodeid for check in checks]
    verdicts = draw(st.dictionaries(st.sampled_from([*known, "elsewhere::test_z"]), verdict))
    return checks, verdicts


@quick
@given(runs())
def test_the_total_is_that_of_what_was_collected(run: tuple[list[Planned], dict[str, dict[str, Any]]]) -> None:
    checks, verdicts = run
    book = build_gradebook(checks, verdicts, **ABOUT)
    assert book.max_score == sum(check.points for check in checks)
    assert len(book.rows) == len(checks)
    assert {row.nodeid for row in book.rows} == {f"{check.file}::{check.name}" for check in checks}
    assert 0 <= book.score <= book.max_score
    assert all(row.score == (row.max_score if row.outcome is Outcome.PASSED else 0) for row in book.rows)
    assert book.max_score == sum(exercise.max_score for exercise in book.exercises)
    assert book.score == sum(exercise.score for exercise in book.exercises)


@quick
@given(runs(), st.data())
def test_a_lost_report_costs_points_and_no_row(
    run: tuple[list[Planned], dict[str, dict[str, Any]]], data: st.DataObject
) -> None:
    checks, verdicts = run
    checks = [replace(check, outcome=Outcome.NOT_RUN) for check in checks]
    kept = {key: value for key, value in verdicts.items() if data.draw(st.booleans())}
    whole, lossy = build_gradebook(checks, verdicts, **ABOUT), build_gradebook(checks, kept, **ABOUT)
    assert lossy.max_score == whole.max_score
    assert lossy.score <= whole.score
    assert [row.nodeid for row in lossy.rows] == [row.nodeid for row in whole.rows]


@quick
@given(plans, st.randoms())
def test_exercises_are_in_the_order_of_the_course(checks: list[Planned], shuffler: Any) -> None:
    shuffler.shuffle(checks)
    book = build_gradebook(checks, {}, **ABOUT)
    names = [exercise.name for exercise in book.exercises]
    assert names == sorted(set(names))
    for exercise in book.exercises:
        assert [row.name for row in exercise.checks] == [c.name for c in checks if c.exercise == exercise.name]


@quick
@given(plans)
def test_a_plan_travels_as_plain_data(checks: list[Planned]) -> None:
    for check in checks:
        plain = asdict(check) | {"outcome": check.outcome.value}
        assert Planned.from_plain(json.loads(json.dumps(plain))) == check


def book_of(*checks: Planned, **verdicts: dict[str, Any]) -> Gradebook:
    by_node = {check.nodeid: verdicts[check.name] for check in checks if check.name in verdicts}
    return build_gradebook(checks, by_node, **ABOUT)


def test_the_json_has_the_keys_of_schema_1_in_order() -> None:
    book = book_of(
        planned("02_b", "test_two", 4),
        planned("01_a", "test_one", 3),
        test_one={
            "outcome": "failed",
            "message": "Zoë is wrong.\n  wanted 1",
            "diagnosis": "It pads.",
            "place": "a.py:3",
            "output": "printed",
            "duration": 1.23456,
        },
        test_two={"outcome": "passed", "duration": 0.5},
    )
    text = book.to_json()
    assert text.endswith("}\n")
    assert "Zoë" in text
    plain = json.loads(text)
    assert list(plain) == [
        "schema",
        "submission",
        "score",
        "max_score",
        "seed",
        "world",
        "isolation",
        "versions",
        "exercises",
    ]
    assert plain == {
        "schema": 1,
        "score": 4,
        "max_score": 7,
        **ABOUT,
        "exercises": [
            {
                "name": "01_a",
                "title": "Title of 01_a",
                "score": 0,
                "max_score": 3,
                "checks": [
                    {
                        "name": "test_one",
                        "nodeid": "01_a/test_x.py::test_one",
                        "outcome": "failed",
                        "score": 0,
                        "max_score": 3,
                        "evidence": "result",
                        "message": "Zoë is wrong.\n  wanted 1",
                        "hint": "A hint.",
                        "diagnosis": "It pads.",
                        "duration": 1.235,
                    }
                ],
            },
            {
                "name": "02_b",
                "title": "Title of 02_b",
                "score": 4,
                "max_score": 4,
                "checks": [
                    {
                        "name": "test_two",
                        "nodeid": "02_b/test_x.py::test_two",
                        "outcome": "passed",
                        "score": 4,
                        "max_score": 4,
                        "evidence": "result",
                        "message": "",
                        "hint": "A hint.",
                        "diagnosis": "",
                        "duration": 0.5,
                    }
                ],
            },
        ],
    }
    keys = " ".join(plain["exercises"][0]["checks"][0])
    assert keys == "name nodeid outcome score max_score evidence message hint diagnosis duration"


def test_points_are_whole_numbers() -> None:
    plain = json.loads(book_of(planned("01_a", "test_one", 3), test_one={"outcome": "passed"}).to_json())
    assert all(type(plain[key]) is int for key in ("schema", "score", "max_score", "seed"))


def test_a_check_without_a_report_was_not_run_or_is_what_was_planned() -> None:
    book = book_of(
        planned("01_a", "test_one"),
        planned("01_a", "test_two", outcome=Outcome.FAULT, message="It could not be imported.", place="a.py:1"),
    )
    assert [row.outcome for row in book.rows] == [Outcome.NOT_RUN, Outcome.FAULT]
    assert (book.rows[1].message, book.rows[1].place) == ("It could not be imported.", "a.py:1")


def test_the_place_of_a_verdict_is_nearer_than_that_of_the_plan() -> None:
    checks = [planned("01_a", f"test_{name}", place="a.py:1") for name in ("one", "two")]
    book = book_of(*checks, test_one={"outcome": "error", "place": "a.py:7"}, test_two={"outcome": "error"})
    assert [row.place for row in book.rows] == ["a.py:7", "a.py:1"]


def test_counts_are_of_the_outcomes_that_are_asked_for() -> None:
    checks = [planned("01_a", f"test_{letter}") for letter in "abcd"]
    book = book_of(
        *checks,
        test_a={"outcome": "passed"},
        test_b={"outcome": "failed"},
        test_c={"outcome": "failed"},
        test_d={"outcome": "todo"},
    )
    [exercise] = book.exercises
    assert exercise.count(Outcome.FAILED) == 2
    assert exercise.count(Outcome.FAILED, Outcome.TODO) == 3
    assert exercise.count() == 0


def test_what_still_wants_work_keeps_its_order() -> None:
    checks = [planned("01_a", f"test_{outcome.value}") for outcome in Outcome]
    book = book_of(*checks, **{f"test_{outcome.value}": {"outcome": outcome} for outcome in Outcome})
    wanted = [Outcome.FAILED, Outcome.TODO, Outcome.ERROR, Outcome.TIMEOUT, Outcome.SKIPPED, Outcome.FAULT]
    assert [row.outcome for row in unfinished(book.rows)] == wanted
