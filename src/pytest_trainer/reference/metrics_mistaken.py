"""What misconceptions of accuracy and F1 give instead, and a battery of tables that tells them apart."""

# ruff: noqa: ARG001, ARG005 - all four counts come, and a misconception may ignore some

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_trainer.reference import metrics
from pytest_trainer.reference.diagnosis import Misconception, diagnose, outputs

if TYPE_CHECKING:
    from numpy.typing import NDArray

Table: TypeAlias = "tuple[NDArray[Any], NDArray[Any]]"
"""Logits, float32 (n, 2), and labels, int64 (n,)."""
Counts: TypeAlias = "Callable[[int, int, int, int], float]"


def _counted(count: Counts, positive: Callable[[Any], Any] | None = None) -> Callable[..., float]:
    """A metric made from TP, FP, FN, TN; `positive` says which rows of the logits are taken for class 1."""

    def metric(logits: NDArray[Any], labels: NDArray[Any]) -> float:
        predicted = positive(logits) if positive is not None else logits[:, 1] > logits[:, 0]
        actual = labels == 1
        cells = (predicted & actual, predicted & ~actual, ~predicted & actual, ~predicted & ~actual)
        return count(*(int(cell.sum()) for cell in cells))

    return metric


def _f1(tp: int, fp: int, fn: int, tn: int = 0) -> float:
    return 2 * tp / (2 * tp + fp + fn) if tp else 0.0


def _accuracy(tp: int, fp: int, fn: int, tn: int) -> float:
    return (tp + tn) / (tp + fp + fn + tn)


def _macro(tp: int, fp: int, fn: int, tn: int) -> float:
    return (_f1(tp, fp, fn) + _f1(tn, fn, fp)) / 2


def _weighted(tp: int, fp: int, fn: int, tn: int) -> float:
    positives, negatives = tp + fn, tn + fp
    return (positives * _f1(tp, fp, fn) + negatives * _f1(tn, fn, fp)) / (positives + negatives)


def _share(part: int, rest: int) -> float:
    return part / (part + rest) if part else 0.0


# -- which rows are taken for class 1 ---------------------------------------------------------------------------------

LOGITS_ARE_SCORES = (
    "Logits are any numbers, not probabilities: no fixed threshold splits them. Which of a row's two is larger decides."
)
THRESHOLDS: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    (f"You seem to hold the second logit against 0. {LOGITS_ARE_SCORES}", lambda logits: logits[:, 1] > 0),
    (f"You seem to hold the second logit against 0.5. {LOGITS_ARE_SCORES}", lambda logits: logits[:, 1] > 0.5),
    (f"You seem to hold the first logit against 0. {LOGITS_ARE_SCORES}", lambda logits: logits[:, 0] > 0),
    (f"You seem to hold the first logit against 0.5. {LOGITS_ARE_SCORES}", lambda logits: logits[:, 0] > 0.5),
    (
        "Every pair seems to be taken for equivalent, whatever its logits say.",
        lambda logits: logits[:, 0] == logits[:, 0],
    ),
    ("No pair seems to be taken for equivalent, whatever its logits say.", lambda logits: logits[:, 0] != logits[:, 0]),
)


def _thresholds(count: Counts) -> list[Misconception]:
    return [Misconception(sentence, _counted(count, positive)) for sentence, positive in THRESHOLDS]


def _wrong_axis(count: Counts) -> Misconception:
    """The argmax of each column: two numbers, which fit the labels of two rows and of no other table."""

    def metric(logits: NDArray[Any], labels: NDArray[Any]) -> float:
        if len(labels) != 2:
            raise ArithmeticError("two predictions fit no other number of labels")
        return _counted(count, lambda logits: logits.argmax(axis=0) == 1)(logits, labels)

    return Misconception(
        "Your function works where there are two pairs, and fails where there are more: the larger logit seems to be "
        "looked for down each column. It is a row that holds the two logits of one pair.",
        metric,
    )


def _compared(correct: Callable[[Table], float]) -> list[Misconception]:
    """Metrics of logits taken for classes; `correct((numbers, labels))` makes the metric of whole numbers."""

    def metric(column: int, whole: str) -> Callable[..., float]:
        def of_logits(logits: NDArray[Any], labels: NDArray[Any]) -> float:
            import numpy as np

            return correct(((np.rint if whole == "rounded" else np.trunc)(logits[:, column]), labels))

        return of_logits

    return [
        Misconception(
            f"The labels seem to be compared with logit {column} itself, {whole} to a whole number. A logit is no "
            "class, it speaks for one: the class is the column of the row's larger logit.",
            metric(column, whole),
        )
        for column in (1, 0)
        for whole in ("rounded", "cut")
    ]


def _accuracy_of_numbers(table: Table) -> float:
    numbers, labels = table
    return float((numbers == labels).mean())


def _f1_of_numbers(table: Table) -> float:
    numbers, labels = table
    cells = ((numbers == 1) & (labels == 1), (numbers == 1) & (labels == 0), (numbers == 0) & (labels == 1))
    return _f1(*(int(cell.sum()) for cell in cells))


OF_ACCURACY = (
    *_thresholds(_accuracy),
    _wrong_axis(_accuracy),
    *_compared(_accuracy_of_numbers),
    Misconception(
        "What came back is 100 times the share: a percentage. Metrics are logged as shares from 0 to 1.",
        _counted(lambda tp, fp, fn, tn: 100 * _accuracy(tp, fp, fn, tn)),
    ),
    Misconception(
        "What came back is how many pairs are right. Accuracy is their share of all pairs.",
        _counted(lambda tp, fp, fn, tn: tp + tn),
    ),
    Misconception(
        "What came back is the share of pairs that are wrong. Either that is what is counted, or the two columns were "
        "taken for each other: column 0 speaks for class 0, column 1 for class 1.",
        _counted(lambda tp, fp, fn, tn: 1 - _accuracy(tp, fp, fn, tn)),
    ),
    Misconception(
        "What came back is the mean of both classes' recall, which counts a rare class as much as a frequent one. "
        "Accuracy counts every pair once.",
        _counted(lambda tp, fp, fn, tn: (_share(tp, fn) + _share(tn, fp)) / 2),
    ),
    Misconception("What came back under 'accuracy' is F1; the two seem to have changed places.", metrics.f1),
    Misconception(
        "No prediction ever equals its label. Logits and labels cannot be compared: a class has to be chosen first.",
        lambda logits, labels: 0.0,
    ),
)

OF_F1 = (
    *_thresholds(_f1),
    _wrong_axis(_f1),
    *_compared(_f1_of_numbers),
    Misconception(
        "You seem to have taken the two columns for each other: column 0 speaks for class 0, column 1 for class 1.",
        _counted(_f1, lambda logits: logits[:, 0] > logits[:, 1]),
    ),
    Misconception(
        "What came back is the macro average: the mean of both classes' F1. GLUE's MRPC asks for the F1 of class 1 "
        "alone, the one that 'equivalent' stands for.",
        _counted(_macro),
    ),
    Misconception(
        "What came back is the weighted average of both classes' F1. GLUE's MRPC asks for the F1 of class 1 alone, the "
        "one that 'equivalent' stands for.",
        _counted(_weighted),
    ),
    Misconception(
        "What came back equals the accuracy: with one label a pair, F1 averaged as 'micro' is nothing else. What is "
        "asked is the F1 of class 1 alone.",
        _counted(_accuracy),
    ),
    Misconception(
        "What came back is the F1 of class 0. Positive is class 1, 'equivalent'.",
        _counted(lambda tp, fp, fn, tn: _f1(tn, fn, fp)),
    ),
    Misconception(
        "What came back is the precision: of the pairs taken for equivalent, the share that is. F1 joins it with "
        "recall.",
        _counted(lambda tp, fp, fn, tn: _share(tp, fp)),
    ),
    Misconception(
        "What came back is the recall: of the equivalent pairs, the share that was found. F1 joins it with precision.",
        _counted(lambda tp, fp, fn, tn: _share(tp, fn)),
    ),
    Misconception(
        "What came back is the mean of precision and recall. F1 is their harmonic mean, which the smaller one rules.",
        _counted(lambda tp, fp, fn, tn: (_share(tp, fp) + _share(tp, fn)) / 2),
    ),
    Misconception(
        "What came back is half of F1: precision times recall over their sum lacks a factor of 2.",
        _counted(lambda tp, fp, fn, tn: _f1(tp, fp, fn) / 2),
    ),
    Misconception(
        "What came back is TP / (TP + FP + FN), the Jaccard index. In F1 the true positives count twice.",
        _counted(lambda tp, fp, fn, tn: _share(tp, fp + fn)),
    ),
    Misconception(
        "What came back is 100 times F1: a percentage. Metrics are logged as shares from 0 to 1.",
        _counted(lambda tp, fp, fn, tn: 100 * _f1(tp, fp, fn)),
    ),
)


def rounded(metric: Callable[..., float], digits: int) -> Misconception:
    """The metric, rounded to so many digits."""
    return Misconception(
        f"The numbers seem to be rounded to {digits} digits. Rounding is for printing: what is logged is compared with "
        "other runs, and the best checkpoint is chosen by it.",
        lambda logits, labels: round(metric(logits, labels), digits),
    )


ROUNDED = {
    "accuracy": tuple(rounded(metrics.accuracy, digits) for digits in (0, 1, 2, 3, 4, 5)),
    "f1": tuple(rounded(metrics.f1, digits) for digits in (0, 1, 2, 3, 4, 5)),
}
TRUE = {"accuracy": metrics.accuracy, "f1": metrics.f1}
MISTAKEN = {"accuracy": OF_ACCURACY, "f1": OF_F1}

ALWAYS_THE_SAME = (
    "The same number comes back whatever the logits and labels are. Was it taken over from an example, or kept from an "
    "earlier call? It has to be computed from what is given."
)


@functools.cache
def battery() -> tuple[Table, ...]:
    """Three tables of 23, 31 and 47 rows whose classes, errors and logits are unlike each other, and one of two rows.

    No two logits of a table are equal. In the large ones all cells of the confusion matrix differ, and both logits of
    a row may be positive or negative, so that no threshold gives the classes.
    """
    import numpy as np

    tables = []
    for seed, (tp, fp, fn, tn) in enumerate(((11, 5, 4, 3), (6, 4, 9, 12), (23, 3, 7, 14))):
        random = np.random.default_rng(seed)
        predicted = np.repeat([1, 1, 0, 0], (tp, fp, fn, tn))
        labels = np.repeat([1, 0, 1, 0], (tp, fp, fn, tn))
        lower = random.uniform(-4, 4, len(labels))
        higher = lower + random.uniform(0.5, 4, len(labels))
        logits = np.where(predicted[:, None] == [0, 1], higher[:, None], lower[:, None]).astype(np.float32)
        order = random.permutation(len(labels))
        tables.append((logits[order], labels[order].astype(np.int64)))
    two = np.array([[1.25, 0.75], [2.5, -3.0]], dtype=np.float32), np.array([0, 1], dtype=np.int64)
    return *tables, two


def which(name: str, numbers: Callable[..., float], misconceptions: Sequence[Misconception]) -> str:
    """The sentence of the misconception that gives the same as `numbers(logits, labels)` under this key, else ""."""
    came = outputs(numbers, battery())
    known = diagnose(came, battery(), TRUE[name], misconceptions, same=_close)
    return known or _whatever_the_table(came) or (_fixed_divisor(came) if name == "accuracy" else "")


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= metrics.TOLERANCE


def _whatever_the_table(came: Sequence[Any]) -> str:
    """The sentence on a number that does not depend on the table."""
    alike = all(isinstance(number, float) and _close(number, came[0]) for number in came)
    return ALWAYS_THE_SAME if alike else ""


def _fixed_divisor(came: Sequence[Any]) -> str:
    """The sentence on an accuracy that is the number of right pairs, divided by the same number for any table."""
    right = [metrics.accuracy(*table) * len(table[1]) for table in battery()]
    if not all(isinstance(number, float) and number > 0 for number in came):
        return ""
    divisors = [pairs / number for pairs, number in zip(right, came, strict=True)]
    if max(divisors) - min(divisors) > metrics.TOLERANCE * max(divisors) or divisors[0] < 1.5:
        return ""
    return (
        f"The number of right pairs seems to be divided by {divisors[0]:.6g}, however many pairs there are. A share is "
        "of all the pairs at hand."
    )


UNDEFINED = (
    "Where a quotient is 0 / 0, the formula alone does not say what comes out; F1 is then 0 by convention, and your "
    "function"
)


def which_undefined(numbers: Callable[..., float]) -> str:
    """What to say of `numbers(logits, labels)`, an F1, where no pair is rightly taken for equivalent; else ""."""
    import numpy as np

    logits = np.array([[2, 1], [0.5, -1]], dtype=np.float32)
    none, some = np.array([0, 0], dtype=np.int64), np.array([1, 0], dtype=np.int64)
    came = outputs(numbers, [(logits, none), (logits[:, ::-1], none), (logits, some)])
    [ordinary] = outputs(numbers, battery()[:1])
    if not isinstance(ordinary, float):
        return ""
    if not isinstance(came[0], float):
        return f"{UNDEFINED} divides by 0 all the same. Look first whether there is anything to divide by."
    if any(isinstance(number, float) and math.isnan(number) for number in came):
        return (
            f"{UNDEFINED} gives NaN. If it comes by way of precision and recall, there are three quotients that can be "
            "0 / 0; the formula from the counts has one."
        )
    if _close(came[0], 1.0):
        return (
            f"{UNDEFINED} gives 1. That nothing was got wrong is no merit where there was nothing to find; or else it "
            "is class 0 that was counted."
        )
    return ""


def which_memory(accuracy: Callable[..., float]) -> str:
    """What to say where `accuracy(logits, labels)` rises from call to call with pairs that are all right, else ""."""
    import numpy as np

    all_right = np.array([[0, 1], [1, 0], [-1, 2]], dtype=np.float32), np.array([1, 0, 1], dtype=np.int64)
    came = outputs(accuracy, [all_right] * 3)
    if not all(isinstance(number, float) for number in came) or not came[0] < came[1] < came[2]:
        return ""
    return (
        "What earlier calls have collected seems to be kept: in a global, on an object, or in a metric that was not "
        "emptied. Each evaluation is about its own pairs, and begins with nothing."
    )


ONE_NUMBER = "The Trainer logs a number under each key."


def which_result(result: object) -> str:
    """What to say of a result that is no mapping with a number under "accuracy" and under "f1", else ""."""
    if not isinstance(result, Mapping):
        return (
            "The numbers seem to come back without their names. The Trainer wants a dict, and puts the names into its "
            "log."
        )
    keys = [str(key) for key in result]
    for name in ("accuracy", "f1"):
        if name not in result and f"eval_{name}" in keys:
            return (
                f"You seem to have written the eval_ of the log into the key. The Trainer puts it in front by itself, "
                f"so that '{name}' becomes 'eval_{name}'."
            )
        if name not in result and any(_is_number(value) for value in result.values()):
            return (
                f"There is no '{name}', but a number under another name. What is logged, and what a best checkpoint is "
                "chosen by, goes by these names, letter for letter."
            )
    return next((_which_value(result[name]) for name in ("accuracy", "f1") if not _is_number(result.get(name))), "")


def _is_number(value: object) -> bool:
    data = getattr(value, "data", None)
    if data is not None:
        return bool(getattr(value, "kind", "") in ("scalar", "tensor") and data.size == 1)
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _which_value(value: object) -> str:
    size = getattr(getattr(value, "data", None), "size", None)
    if isinstance(value, Mapping):
        return f"{ONE_NUMBER} What compute() of the library Evaluate returns is a dict, with the number in it."
    if isinstance(value, str):
        return f"{ONE_NUMBER} Yours is a text: formatting is for printing."
    if size == 2 or (isinstance(value, (list, tuple)) and len(value) == 2):
        return (
            f"{ONE_NUMBER} Yours has two, one for each class, as without an average over them. Asked for is that of "
            "class 1."
        )
    if size == 1:
        return f"{ONE_NUMBER} Yours is an array with a number in it, which cannot be saved with the next checkpoint."
    if isinstance(value, (list, tuple)) or size is not None:
        return f"{ONE_NUMBER} Yours has several, as one for each pair. The metric is about all pairs together."
    return ""


WRITTEN_INTO = (
    "Something is written into the Trainer's own arrays. Assignments such as a -= b or a[i] = b, and methods such as "
    "sort(), change an array in place; an expression makes a new one."
)
