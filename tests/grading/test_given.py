"""Property checks: drawn by our seed, shrunk for a while, ended by one readable failure."""

import inspect
import random
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import strategies as st

from pytest_trainer.grading import given as module
from pytest_trainer.grading.given import TWO_ANSWERS, given
from pytest_trainer.grading.outcome import Broken, Died, Outcome, TimedOut, Unsatisfied, WrongAnswer, verdict_of

SUBMISSION = SimpleNamespace(seed=0)


def numbers() -> st.SearchStrategy[int]:
    return st.integers(0, 10**6)


def batches() -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(0, 1000), max_size=20)


def draws(seed: int, examples: int = 20, strategy: Callable[[], Any] = batches) -> list[Any]:
    """What a property that always holds is called with."""
    seen = []

    @given(examples=examples, batch=strategy)
    def test_holds(submission: Any, batch: Any) -> None:  # noqa: ARG001 - the fixture that every check needs
        seen.append(batch)

    test_holds(submission=SimpleNamespace(seed=seed))
    return seen


def failure(test: Callable[..., None], kind: type[Unsatisfied] = WrongAnswer) -> Unsatisfied:
    with pytest.raises(kind) as caught:
        test(submission=SUBMISSION)
    return caught.value


# -- draws ------------------------------------------------------------------------------------------------------------


def test_draws_depend_on_the_seed_alone() -> None:
    first = draws(0)
    random.seed(1)
    random.random()
    assert draws(0) == first
    assert draws(1) != first
    assert 1 < len(first) <= 20


def test_draws_do_not_depend_on_the_constants_of_loaded_files(monkeypatch: pytest.MonkeyPatch) -> None:
    from hypothesis.internal.conjecture import providers
    from hypothesis.internal.constants_ast import Constants
    from sortedcontainers import SortedSet

    def strategy() -> st.SearchStrategy[Any]:
        return st.integers() | st.text() | st.floats()

    before = repr(draws(0, 100, strategy))
    pool = Constants(
        integers=SortedSet([424242]), floats=SortedSet([42.42]), bytes=SortedSet(), strings=SortedSet(["forty-two"])
    )
    for name in ("_get_local_constants",):
        if hasattr(providers, name):
            monkeypatch.setattr(providers, name, lambda: pool)
    assert repr(draws(0, 100, strategy)) == before


def test_as_many_examples_as_asked_for_and_no_database() -> None:
    assert len(draws(0, 7, numbers)) == 7
    assert len(draws(0, 30, numbers)) == 30


def test_two_checks_of_one_seed_draw_differently() -> None:
    seen: dict[str, list[int]] = {"a": [], "b": []}

    @given(n=numbers)
    def test_a(submission: Any, n: int) -> None:  # noqa: ARG001 - the fixture that every check needs
        seen["a"].append(n)

    @given(n=numbers)
    def test_b(submission: Any, n: int) -> None:  # noqa: ARG001 - the fixture that every check needs
        seen["b"].append(n)

    test_a(submission=SUBMISSION)
    test_b(submission=SUBMISSION)
    assert seen["a"] != seen["b"]


def test_pytest_sees_the_fixtures_and_not_what_is_drawn() -> None:
    @given(n=numbers)
    def test_pads(submission: Any, tmp_path: Any, n: int) -> None:
        """The sentence."""

    assert list(inspect.signature(test_pads).parameters) == ["submission", "tmp_path"]
    assert (test_pads.__name__, test_pads.__doc__) == ("test_pads", "The sentence.")


# -- failures ---------------------------------------------------------------------------------------------------------


def test_a_failure_is_shrunk_and_shows_its_input() -> None:
    @given(n=numbers, batch=batches)
    def test_small(submission: Any, n: int, batch: list[int]) -> None:  # noqa: ARG001 - a check's fixture
        if n >= 100:
            raise WrongAnswer(f"{n} is too large.", "a.py:3", "printed", diagnosis="It counts.")

    error = failure(test_small)
    assert error.message == "100 is too large.\nfor this input:\n  n = 100\n  batch = []"
    assert verdict_of(error).place == "a.py:3"
    assert (error.output, error.diagnosis) == ("printed", "It counts.")


def test_records_are_shown_row_by_row() -> None:
    def features() -> st.SearchStrategy[list[dict[str, int]]]:
        return st.lists(st.fixed_dictionaries({"label": st.integers(0, 1)}), min_size=2, max_size=2)

    @given(features=features)
    def test_rows(submission: Any, features: list[dict[str, int]]) -> None:  # noqa: ARG001 - a check's fixture
        raise WrongAnswer("No.")

    assert failure(test_rows).message.splitlines() == [
        "No.",
        "for this input:",
        "  features[0]",
        "    label  0",
        "  features[1]",
        "    label  0",
    ]


def test_shrinking_ends_after_its_seconds_with_the_smallest_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SHRINKING_SECONDS", 0.3)
    calls: list[list[int]] = []

    def long_batches() -> st.SearchStrategy[list[int]]:
        return st.lists(st.integers(10, 1000), min_size=12, max_size=12)

    @given(batch=long_batches)
    def test_slow(submission: Any, batch: list[int]) -> None:  # noqa: ARG001 - a check's fixture
        time.sleep(0.03)
        calls.append(batch)
        if sum(batch) > 200:
            raise WrongAnswer(f"sum {sum(batch)}")

    began = time.monotonic()
    error = failure(test_slow)
    assert time.monotonic() - began < 5
    assert len(calls) < 40
    assert error.message.startswith("sum ")
    assert TWO_ANSWERS not in error.message
    shown = next(batch for batch in calls if f"sum {sum(batch)}" == error.message.splitlines()[0])
    assert sum(shown) == min(sum(batch) for batch in calls if sum(batch) > 200)


def test_an_answer_that_changes_is_told_as_such() -> None:
    calls: list[int] = []

    @given(n=numbers)
    def test_moody(submission: Any, n: int) -> None:  # noqa: ARG001 - a check's fixture
        calls.append(n)
        if len(calls) == 3:
            raise WrongAnswer("labels: wanted 1, came back 2.\n  more", "a.py:3", "printed")

    error = failure(test_moody)
    lines = error.message.splitlines()
    assert lines[0] == TWO_ANSWERS
    assert "labels: wanted 1, came back 2." in lines[1]
    assert "again      the answer was right" in lines[2]
    assert lines[3:] == ["for this input:", f"  n = {calls[2]}"]
    assert (error.place, error.output) == ("a.py:3", "printed")


def test_two_different_errors_do_not_become_a_riddle() -> None:
    @given(n=numbers)
    def test_two(submission: Any, n: int) -> None:  # noqa: ARG001 - a check's fixture
        if n > 1000:
            raise WrongAnswer("large")
        if n > 10:
            raise Broken("raised ValueError")

    error = failure(test_two, Unsatisfied)
    assert error.message.splitlines()[0] in ("large", "raised ValueError")
    assert verdict_of(error).outcome in (Outcome.FAILED, Outcome.ERROR)


# -- what ends at once ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [TimedOut, Died])
def test_a_stop_passes_through_at_once(kind: type[BaseException]) -> None:
    calls = []

    @given(n=numbers)
    def test_stops(submission: Any, n: int) -> None:  # noqa: ARG001 - a check's fixture
        calls.append(n)
        if len(calls) == 3:
            raise kind("no answer")

    with pytest.raises(kind, match=r"^no answer$"):
        test_stops(submission=SUBMISSION)
    assert len(calls) == 3


def test_an_error_that_no_input_changes_ends_at_once_and_shows_none() -> None:
    calls = []

    @given(n=numbers)
    def test_hopeless(submission: Any, n: int) -> None:  # noqa: ARG001 - a check's fixture
        calls.append(n)
        raise Broken("a.py has no function collate.", about_input=False)

    assert failure(test_hopeless, Broken).message == "a.py has no function collate."
    assert len(calls) == 1


def test_a_fault_of_ours_stays_what_it_is() -> None:
    @given(n=numbers)
    def test_broken(submission: Any, n: int) -> None:  # noqa: ARG001 - a check's fixture
        raise LookupError("ours")

    with pytest.raises(LookupError, match="ours"):
        test_broken(submission=SUBMISSION)


def test_a_plain_assertion_of_a_check_fails_it() -> None:
    @given(n=numbers)
    def test_asserts(submission: Any, n: int) -> None:  # noqa: ARG001 - a check's fixture
        assert n < 100, f"{n} is too large"

    with pytest.raises(AssertionError, match=r"^100 is too large"):
        test_asserts(submission=SUBMISSION)
