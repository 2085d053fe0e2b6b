"""What known misconceptions about accumulation make of a batch's rows, and what a student who has one reads.

Where the truth lets each of n rows count 1/n in loss and gradient, every usual mistake is another set of weights.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_trainer.reference.accumulation import TOLERANCE, Rows, Split, cross_entropies, softmax
from pytest_trainer.reference.diagnosis import Misconception, diagnose

if TYPE_CHECKING:
    from numpy.typing import NDArray

KNOWN = 0.01
"""How near a row's weight must come to a misconception's, as a share of it, to be taken for that."""

BATTERY = Split(tuple(range(9)), 4)
"""Micro-batches of 4, 4 and 1: here no two of the misconceptions below agree."""


@dataclass(frozen=True, slots=True)
class MicroBatch:
    """One micro-batch among the others of its batch, for the weights that a misconception gives to its rows."""

    number: int
    sizes: tuple[int, ...]

    @property
    def rows(self) -> int:
        """Its own rows."""
        return self.sizes[self.number]

    @property
    def all_rows(self) -> int:
        """The rows of the batch."""
        return sum(self.sizes)

    @property
    def size(self) -> int:
        """The rows of a full micro-batch."""
        return self.sizes[0]

    @property
    def is_full(self) -> bool:
        """Whether it is as large as the first."""
        return self.rows == self.size

    @property
    def is_last(self) -> bool:
        """Whether none follows."""
        return self.number == len(self.sizes) - 1


Weight = Callable[[MicroBatch], float]
"""How much each row of a micro-batch counts."""


def row_weights(weight: Weight, sizes: Sequence[int]) -> list[float]:
    """The weight of each row of a batch with micro-batches of these sizes."""
    micro_batches = [MicroBatch(number, tuple(sizes)) for number in range(len(sizes))]
    return [weight(micro_batch) for micro_batch in micro_batches for _ in range(micro_batch.rows)]


def true_weight(micro_batch: MicroBatch) -> float:
    """1 / all rows."""
    return 1 / micro_batch.all_rows


WEIGHTS: Mapping[str, Weight] = {
    "sum of means": lambda b: 1 / b.rows,
    "mean of means": lambda b: 1 / b.rows / len(b.sizes),
    "by full micro-batches": lambda b: 1 / b.rows / (b.all_rows // b.size or 1),
    "by micro_batch_size": lambda b: 1 / b.rows / b.size,
    "as if full": lambda b: b.size / b.rows / b.all_rows,
    "means by rows": lambda b: 1 / b.rows / b.all_rows,
    "sum of rows": lambda _: 1.0,
    "rows by micro_batch_size": lambda b: 1 / b.size,
    "rows by number": lambda b: 1 / len(b.sizes),
    "as in the lesson": lambda _: 1 / 6,
    "by number guessed": lambda b: 1 / b.rows / (b.all_rows // b.rows),
    "tail dropped": lambda b: b.is_full / b.all_rows,
    "tail dropped, mean of the rest": lambda b: b.is_full / b.size / (b.all_rows // b.size or 1),
    "tail dropped, mean of means": lambda b: b.is_full / b.rows / len(b.sizes),
    "tail dropped, sum of means": lambda b: b.is_full / b.rows,
    "last": lambda b: b.is_last / b.rows,
    "last, by rows": lambda b: b.is_last / b.all_rows,
    "last, by number": lambda b: b.is_last / b.rows / len(b.sizes),
    "first": lambda b: (b.number == 0) / b.rows,
    "first, by rows": lambda b: (b.number == 0) / b.all_rows,
    "first, by number": lambda b: (b.number == 0) / b.rows / len(b.sizes),
}
"""What known misconceptions let a row count, where the truth is 1 / all rows."""

UNSCALED = (
    "Each micro-batch's mean loss was added as it is, so the result grows with the number of micro-batches. "
    "What share of the whole batch's mean does one micro-batch have?"
)
BY_NUMBER = (
    "A mean of the micro-batches' means is the mean over all rows only where the micro-batches have equal sizes: "
    "here a row of a small one counts for more. Weigh each micro-batch by its rows."
)
AS_IF_FULL = (
    "Every micro-batch was weighed as if it had micro_batch_size rows; the last one may have fewer. "
    "Take the number of rows that it really has."
)
TOO_SMALL = (
    "It was divided once too often: model(...).loss is already a mean over the micro-batch's rows. "
    "Which number turns that mean into its share of the whole batch's?"
)
NOT_DIVIDED = (
    "The rows' losses were added up and never divided by the number of rows of the whole batch: it is their mean that "
    "is asked for."
)
WRONG_DIVISOR = (
    "The rows' losses were added up and then divided by something other than the number of rows of the whole batch."
)
AS_IN_THE_LESSON = (
    "Each row counts 1/6, as with the 6 rows of the lesson's example. Here there are as many rows as there are."
)
ALWAYS_THE_SAME = (
    "The same loss comes back whatever the batch is. Was it taken over from the lesson's example? It is the mean of "
    "the losses of the rows at hand."
)
TAIL = "The last, smaller micro-batch was left out: every row of the batch counts, also where the sizes do not divide."
LAST = (
    "Only the last micro-batch is in it: what the earlier ones had contributed was cleared or overwritten. backward() "
    "adds to .grad; nothing between the micro-batches should take that away."
)
FIRST = (
    "Only the first micro-batch is in it: the function returned, or left its loop, too early. (The len() of a dict is "
    "the number of its keys.)"
)
LAST_LOSS = (
    "This is the loss of the last micro-batch alone: the variable of the loop, as it was left. The mean over the whole "
    "batch has to be collected on the way."
)
ROUNDED = "The loss was rounded. Rounding is for printing: whoever goes on computing needs all the digits."
NOTHING = "No row is in it: were the gradients cleared after the last backward pass, or was there none?"
SCALED = (
    "All rows count the same, as they should, but the whole is too large or too small by one factor: a division, a "
    "clipping or a learning rate that has no place here?"
)
OVERLAPPING = "Some rows went through the model twice: do the micro-batches overlap?"
OTHER_SHARES = (
    "The micro-batches were weighed with shares that add up to 1, as they should, but not by their rows: the share of "
    "a micro-batch is its number of rows, divided by that of the batch."
)

LEFT_OUT = (("attention_mask",), ("token_type_ids",), ("attention_mask", "token_type_ids"))
"""Columns that are forgotten."""


def left_out(columns: Sequence[str]) -> str:
    """What a student reads whose model did not get these columns."""
    names = " and ".join(columns)
    return f"It comes from a model that was not given {names}. Hand over all four tensors, cut alike."


SENTENCES: Mapping[str, str] = {
    "sum of means": UNSCALED,
    "mean of means": BY_NUMBER,
    "by full micro-batches": BY_NUMBER,
    "by micro_batch_size": TOO_SMALL,
    "as if full": AS_IF_FULL,
    "means by rows": TOO_SMALL,
    "sum of rows": NOT_DIVIDED,
    "rows by micro_batch_size": WRONG_DIVISOR,
    "rows by number": WRONG_DIVISOR,
    "as in the lesson": AS_IN_THE_LESSON,
    "by number guessed": BY_NUMBER,
    **dict.fromkeys((name for name in WEIGHTS if name.startswith("tail")), TAIL),
    **dict.fromkeys((name for name in WEIGHTS if name.startswith("last")), LAST),
    **dict.fromkeys((name for name in WEIGHTS if name.startswith("first")), FIRST),
}
"""What a student reads whose gradient has these weights."""

LOSS_SENTENCES: Mapping[str, str] = {
    **SENTENCES,
    **dict.fromkeys((name for name in WEIGHTS if name.startswith("last")), LAST_LOSS),
}
"""What a student reads whose returned loss has these weights."""

FOR_THE_TRAINER: Mapping[str, str] = {
    "as in the lesson": AS_IN_THE_LESSON,
    "sum of means": (
        "This is the mean over the micro-batch alone. With a loss function of yours the Trainer only adds up what it "
        "returns, and divides by nothing: so each micro-batch has to bring its share of the whole batch's mean."
    ),
    "means by rows": (
        "The mean over the micro-batch was divided once more, by num_items_in_batch: that is two divisions, and one is "
        "right. Which sum over the rows is it that num_items_in_batch turns into a mean?"
    ),
    "by number guessed": (
        "The mean over the micro-batch was divided by the number of micro-batches, as guessed from its own rows. A "
        "smaller micro-batch guesses another number; no guess is needed where rows are counted."
    ),
    "sum of rows": (
        "The sum over the rows was not divided by anything. num_items_in_batch is the number of rows of the whole "
        "accumulated batch."
    ),
}
"""What a student reads whose `mean_loss` gives the rows these weights in the Trainer's gradient."""


WITHOUT_A_COUNT: Mapping[str, str] = {
    "sum of rows": "Without num_items_in_batch the sum over the rows came back; their mean is asked for."
}
"""What a student reads whose `mean_loss` gives the rows these weights where nobody has counted."""

TWICE_SOFTMAX = (
    "These are the cross-entropies of probabilities taken for logits: cross_entropy has the softmax in it, and wants "
    "the logits as they are."
)


def value_diagnosis(
    value: float, logits: NDArray[Any], labels: NDArray[Any], items: int, sentences: Mapping[str, str]
) -> str:
    """The sentence for what `mean_loss` returned for m rows of `items`, by its weights or by its cross-entropies."""
    sizes = [len(labels), items - len(labels)]
    candidates = {
        sentence: cross_entropies(logits, labels).sum() * WEIGHTS[name](MicroBatch(0, tuple(sizes)))
        for name, sentence in sentences.items()
    }
    candidates[TWICE_SOFTMAX] = cross_entropies(softmax(logits), labels).sum() / items
    for sentence, wanted in candidates.items():
        if abs(value - wanted) <= TOLERANCE * (1 + wanted):
            return sentence
    return ""


def gradient_diagnosis(weights: Sequence[float], sizes: Sequence[int], sentences: Mapping[str, str] = SENTENCES) -> str:
    """The sentence of the misconception whose weights these are; "" where none is known, or where they are right."""

    def same(some: Sequence[float], others: Sequence[float]) -> bool:
        near = KNOWN * max(others)
        return all(abs(one - other) <= near for one, other in zip(some, others, strict=True))

    known = [
        Misconception(sentence, functools.partial(row_weights, WEIGHTS[name])) for name, sentence in sentences.items()
    ]
    if max(map(abs, weights)) < KNOWN / sum(sizes):
        return NOTHING
    truth = functools.partial(row_weights, true_weight)
    return diagnose([weights], [(sizes,)], truth, known, same) or _pattern([w * sum(sizes) for w in weights], sizes)


def _pattern(shares: Sequence[float], sizes: Sequence[int]) -> str:
    """The sentence on weights that follow no known formula, as multiples of the right one; "" where all are 1."""

    def near(some: Sequence[float], others: Sequence[float]) -> bool:
        return all(abs(one - other) <= KNOWN for one, other in zip(some, others, strict=True))

    by_micro_batch = row_weights(lambda b: shares[sum(b.sizes[: b.number])], sizes)
    if near(shares, [1.0] * len(shares)):
        return ""
    if max(shares) - min(shares) <= KNOWN * abs(max(shares)):
        return SCALED
    if near(shares, [1.0 if share < 1.5 else 2.0 for share in shares]):
        return OVERLAPPING
    return OTHER_SHARES if near(shares, by_micro_batch) and near([sum(shares)], [len(shares)]) else ""


def loss_diagnosis(loss: float, rows: Rows, sizes: Sequence[int]) -> str:
    """The sentence of the misconception that makes this loss of the rows' losses; "" where none does."""

    def weighted(weight: Weight) -> Callable[[Rows, Sequence[int]], float]:
        return lambda rows, sizes: float(row_weights(weight, sizes) @ rows.losses)

    def same(one: float, other: float) -> bool:
        return abs(one - other) <= TOLERANCE * (1 + other)

    known = [Misconception(sentence, weighted(WEIGHTS[name])) for name, sentence in LOSS_SENTENCES.items()]
    found = diagnose([loss], [(rows, sizes)], weighted(true_weight), known, same)
    return found or (ROUNDED if abs(loss - rows.loss) < 0.006 and loss == round(loss, 4) else "")
