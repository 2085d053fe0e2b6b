"""Property checks: Hypothesis, drawn by our own seed, ending in one failure and one readable counterexample."""

from __future__ import annotations

import functools
import inspect
import time
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pytest_trainer.grading.outcome import Unsatisfied, WrongAnswer
from pytest_trainer.grading.show import table

if TYPE_CHECKING:
    from hypothesis import settings
    from hypothesis.strategies import SearchStrategy

SHRINKING_SECONDS = 4.0
EXAMPLES = 30
TWO_ANSWERS = (
    "The same input got two different answers: the function must depend on its arguments alone, not on random numbers, "
    "on globals or on earlier calls."
)


def given(
    *, examples: int = EXAMPLES, **strategies: Callable[[], SearchStrategy[Any]]
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Turn a check into a property over inputs that Hypothesis draws: `@given(batch=batches)`.

    Unlike Hypothesis's own decorator it takes functions that make the strategies, so that a check file can be
    collected without importing Hypothesis; it draws by the submission's seed, never from a database; and it
    stops shrinking a few seconds after the first failure with the smallest case so far. The check needs the
    fixture `submission`.
    """

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(test)
        fixtures = [p for name, p in signature.parameters.items() if name not in strategies]

        @functools.wraps(test)
        def run(**values: Any) -> None:
            seed = zlib.crc32(f"{values['submission'].seed}:{test.__qualname__}".encode())
            _run_property(functools.partial(test, **values), strategies, examples, seed)

        run.__signature__ = signature.replace(parameters=fixtures)  # type: ignore[attr-defined]
        del run.__wrapped__
        return run

    return decorate


def _run_property(
    test: Callable[..., None],
    strategies: dict[str, Callable[[], SearchStrategy[Any]]],
    examples: int,
    seed: int,
) -> None:
    import hypothesis

    trial = _Trial(test)

    def once(**drawn: Any) -> None:
        trial.once(drawn)

    prepared = hypothesis.given(**{name: make() for name, make in strategies.items()})(once)
    prepared = hypothesis.seed(seed)(_settings(examples)(prepared))
    try:
        prepared()
    except hypothesis.errors.Flaky:
        raise trial.flaky() from None
    except Unsatisfied as error:
        raise trial.with_input(error) from None


def _settings(examples: int) -> settings:
    from hypothesis import HealthCheck, Phase, Verbosity, settings
    from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS

    AVAILABLE_PROVIDERS.setdefault("pytest_trainer", "pytest_trainer.grading.draws.SeededProvider")
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=False,
        backend="pytest_trainer",
        report_multiple_bugs=False,
        print_blob=False,
        verbosity=Verbosity.quiet,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )


class _Trial:
    """One property's examples: remembers failures, and lets nothing new fail once shrinking has had its time."""

    def __init__(self, test: Callable[..., None]) -> None:
        self.test = test
        self.failures: dict[str, Unsatisfied] = {}
        self.failed_at: float | None = None
        self.last_input: dict[str, Any] = {}
        self.hopeless: Unsatisfied | None = None

    def once(self, drawn: dict[str, Any]) -> None:
        key = repr(drawn)
        if self.hopeless is not None:
            raise self.hopeless
        if self.failed_at is not None and time.monotonic() - self.failed_at > SHRINKING_SECONDS:
            if key in self.failures:
                self.last_input = drawn
                raise self.failures[key]
            return
        try:
            self.test(**drawn)
        except Unsatisfied as error:
            self.hopeless = None if error.about_input else error
            self.failed_at = self.failed_at or time.monotonic()
            self.failures[key] = error
            self.last_input = drawn
            raise

    def with_input(self, error: Unsatisfied) -> Unsatisfied:
        if error.about_input:
            error.message = "\n".join((error.message, *self._input_lines()))
        return error

    def flaky(self) -> WrongAnswer:
        error = list(self.failures.values())[-1]
        once = error.message.splitlines()[0]
        lines = (TWO_ANSWERS, f"  once       {once}", "  again      the answer was right", *self._input_lines())
        return WrongAnswer("\n".join(lines), place=error.place, output=error.output)

    def _input_lines(self) -> list[str]:
        lines = ["for this input:"]
        for name, value in self.last_input.items():
            lines += [f"  {line}" for line in table(name, value)]
        return lines
