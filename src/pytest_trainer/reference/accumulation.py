"""What a batch's gradient is made of, row by row, and what known misconceptions about accumulation make of the rows.

The loss of a batch is the mean of its rows' cross-entropies, so its gradient is the mean of the rows' gradients: each
of n rows counts 1/n. Every usual mistake is another set of such weights.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_trainer.reference.diagnosis import Misconception, diagnose
from pytest_trainer.reference.padding import Feature, pad
from pytest_trainer.reference.strategies import CLS, FIRST_WORD, SEP

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy
    from numpy.typing import NDArray

ROWS = 20
MAX_WORDS = 5
VOCABULARY = 64

TOLERANCE = 1e-5
"""The relative error allowed, where 1 is the mean length of the rows' gradients, or a row's loss plus 1.

The longest chain of roundings from a weight to the loss and back is some 40 operations, whose sums have at most 64
terms. Roundings of random sign add up to sqrt(40 * 64) * 2**-24 = 3e-6 (Higham and Mary, A new approach to
probabilistic rounding error analysis, 2019), and this is three times as much. The errors measured against float64 are
at most 1e-6 whatever the split; a mean of micro-batch means is off by at least 1e-2. A test repeats both.

It is measured against the rows' gradients and not against their mean, because rows may cancel: their rounding
errors do not.
"""

KNOWN = 0.01
"""How near a row's weight must come to a misconception's, as a share of it, to be taken for that."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Tokenized rows with, in float64, the loss (n,) of each and its gradient (n, parameters)."""

    features: Sequence[Feature]
    losses: NDArray[Any]
    gradients: NDArray[Any]

    def take(self, rows: Sequence[int]) -> Rows:
        """These rows, in this order."""
        chosen = list(rows)
        return Rows([self.features[i] for i in chosen], self.losses[chosen], self.gradients[chosen])

    @property
    def batch(self) -> dict[str, NDArray[Any]]:
        """The rows as one batch, padded on the right to the longest of them; int64."""
        return pad(self.features, pad_token_id=0, pad_token_type_id=0, padding_side="right")

    @property
    def loss(self) -> float:
        """The mean of the rows' losses."""
        return float(self.losses.mean())

    @property
    def gradient(self) -> NDArray[Any]:
        """The gradient of that mean, (parameters,)."""
        mean: NDArray[Any] = self.gradients.mean(axis=0)
        return mean

    @property
    def scale(self) -> float:
        """The mean length of the rows' gradients, which bounds the length of their mean."""
        return float((self.gradients**2).sum(axis=1).__pow__(0.5).mean())

    def error(self, gradient: NDArray[Any], wanted: NDArray[Any] | None = None) -> float:
        """How far a gradient is from the full batch's (or from `wanted`), relative to `scale`; NaN where it has one."""
        difference = gradient - (self.gradient if wanted is None else wanted)
        return float((difference**2).sum() ** 0.5) / self.scale

    @property
    def loss_error(self) -> float:
        """The absolute error allowed for the mean loss."""
        return TOLERANCE * (1 + self.loss)

    def weights(self, gradient: NDArray[Any]) -> list[float] | None:
        """How much each row counts in a gradient; None where it is no weighted sum of the rows' gradients."""
        import numpy as np

        if not np.isfinite(gradient).all():
            return None
        found, *_ = np.linalg.lstsq(self.gradients.T, gradient, rcond=None)
        if self.error(found @ self.gradients, gradient) > TOLERANCE * max(1.0, float(abs(found).sum())):
            return None
        return [float(weight) for weight in found]


def tokenized_rows(seed: int) -> list[Feature]:
    """`ROWS` tokenized pairs of 5 to 13 tokens, half of them of each class."""
    rng = random.Random(f"rows {seed}")
    labels = [i % 2 for i in range(ROWS)]
    rng.shuffle(labels)
    rows: list[Feature] = []
    for label in labels:
        first, second = (rng.choices(range(FIRST_WORD, VOCABULARY), k=rng.randint(1, MAX_WORDS)) for _ in range(2))
        input_ids = [CLS, *first, SEP, *second, SEP]
        rows.append(
            {
                "input_ids": input_ids,
                "token_type_ids": [0] * (len(first) + 2) + [1] * (len(second) + 1),
                "attention_mask": [1] * len(input_ids),
                "label": label,
            }
        )
    return rows


def differentiate(model: Any, features: Sequence[Feature]) -> Rows:
    """Each row's own loss, -log of the probability of its class, and its gradient.

    Args:
        model: a sequence classification model without dropout; it is turned into float64.
        features: tokenized pairs.
    """
    import numpy as np
    import torch

    model.double().eval()
    losses, gradients = [], []
    for feature in features:
        batch = {key: torch.tensor([values]) for key, values in feature.items() if key != "label"}
        loss, gradient = _mean_loss(model, batch, torch.tensor([feature["label"]]))
        losses.append(loss)
        gradients.append(gradient)
    return Rows(list(features), np.array(losses), np.stack(gradients))


def without(model: Any, rows: Rows, columns: Sequence[str]) -> tuple[float, NDArray[Any]]:
    """The mean loss of a padded batch, and its gradient, where the model does not get these columns."""
    import torch

    batch = {key: torch.from_numpy(values) for key, values in rows.batch.items() if key not in columns}
    labels = batch.pop("labels")
    return _mean_loss(model.double().eval(), batch, labels)


def _mean_loss(model: Any, batch: Mapping[str, Any], labels: Any) -> tuple[float, NDArray[Any]]:
    """The mean of the rows' -log of the probability of their class, and its gradient, (parameters,)."""
    import torch

    logits = model(**batch).logits
    loss = (torch.logsumexp(logits, 1) - logits[torch.arange(len(labels)), labels]).mean()
    parts = torch.autograd.grad(loss, list(model.parameters()), allow_unused=True, materialize_grads=True)
    gradient: NDArray[Any] = torch.cat([part.flatten() for part in parts]).numpy()
    return loss.item(), gradient


def softmax(logits: NDArray[Any]) -> NDArray[Any]:
    """The probabilities (n, classes) of logits (n, classes), in float64."""
    import numpy as np

    powers = np.exp(logits.astype(np.float64))
    probabilities: NDArray[Any] = powers / powers.sum(axis=1, keepdims=True)
    return probabilities


def cross_entropies(logits: NDArray[Any], labels: NDArray[Any]) -> NDArray[Any]:
    """-log of the probability of its class, for each row of logits (n, classes), in float64."""
    import numpy as np

    losses: NDArray[Any] = -np.log(softmax(logits)[np.arange(len(labels)), labels])
    return losses


@dataclass(frozen=True, slots=True, repr=False)
class Split:
    """A batch of some of the `ROWS` rows, the size of its micro-batches, and the model's mode."""

    rows: tuple[int, ...]
    micro_batch_size: int
    training: bool = True

    @property
    def sizes(self) -> list[int]:
        """The rows of each micro-batch."""
        full, rest = divmod(len(self.rows), self.micro_batch_size)
        return [self.micro_batch_size] * full + [rest] * (rest > 0)

    def __repr__(self) -> str:
        rows, sizes = len(self.rows), self.sizes
        parts, mode = " + ".join(map(str, sizes)), "train" if self.training else "eval"
        return f"{rows} row{'s' * (rows > 1)}, micro_batch_size {self.micro_batch_size} ({parts}), {mode} mode"


BATTERY = Split(tuple(range(9)), 4)
"""Micro-batches of 4, 4 and 1: here no two of the misconceptions below agree."""


def even_splits() -> SearchStrategy[Split]:
    """Batches of 1 to 12 rows in 1 to 4 micro-batches of equal size."""
    from hypothesis import strategies as st

    sizes = st.tuples(st.integers(1, 3), st.integers(1, 4))
    return st.builds(lambda s, order, training: _split(s[0] * s[1], s[0], order, training), sizes, *_order_and_mode())


def uneven_splits() -> SearchStrategy[Split]:
    """Batches of 1 to 15 rows whose last micro-batch is smaller than the others, or than it might be if it is alone."""
    from hypothesis import strategies as st

    sizes = st.integers(2, 4).flatmap(
        lambda s: st.tuples(st.just(s), st.integers(1, s - 1), st.sampled_from([1, 2, 3, 0]))
    )
    return st.builds(
        lambda s, order, training: _split(s[0] * s[2] + s[1], s[0], order, training), sizes, *_order_and_mode()
    )


def logits_and_labels() -> SearchStrategy[tuple[NDArray[Any], NDArray[Any]]]:
    """Logits, float32 (n, 2) from -2 to 2 in steps of 1/64, and labels, int64 (n,), of 3 to 6 rows.

    At this size a loss by any formula is exact enough: the probability of a class is at least 0.018.
    """
    from hypothesis import strategies as st

    logit = st.integers(-128, 128)
    return st.lists(st.tuples(logit, logit, st.integers(0, 1)), min_size=3, max_size=6).map(_table)


def _table(rows: Sequence[tuple[int, int, int]]) -> tuple[NDArray[Any], NDArray[Any]]:
    import numpy as np

    table = np.array(rows)
    return table[:, :2].astype(np.float32) / np.float32(64), table[:, 2].astype(np.int64)


def _order_and_mode() -> tuple[SearchStrategy[tuple[int, int]], SearchStrategy[bool]]:
    from hypothesis import strategies as st

    return st.tuples(st.integers(0, ROWS - 1), st.sampled_from([1, 3, 7, 9])), st.booleans()


def _split(rows: int, size: int, order: tuple[int, int], training: bool) -> Split:
    start, step = order  # a step that has no factor in common with ROWS takes no row twice
    return Split(tuple((start + i * step) % ROWS for i in range(rows)), size, training)


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


def gradient_diagnosis(
    weights: Sequence[float] | None, sizes: Sequence[int], sentences: Mapping[str, str] = SENTENCES
) -> str:
    """The sentence of the misconception whose weights these are; "" where none is known, or where they are right."""
    if weights is None:
        return ""

    def same(some: Sequence[float], others: Sequence[float]) -> bool:
        near = KNOWN * max(others)
        return all(abs(one - other) <= near for one, other in zip(some, others, strict=True))

    known = [
        Misconception(sentence, functools.partial(row_weights, WEIGHTS[name])) for name, sentence in sentences.items()
    ]
    if max(map(abs, weights)) < KNOWN / sum(sizes):
        return NOTHING
    found = diagnose([weights], [(sizes,)], functools.partial(row_weights, true_weight), known, same)
    right, all_equal = 1 / sum(sizes), max(weights) - min(weights) <= KNOWN * abs(max(weights))
    return found or (SCALED if all_equal and abs(weights[0] - right) > KNOWN * right else "")


def loss_diagnosis(loss: float, rows: Rows, sizes: Sequence[int]) -> str:
    """The sentence of the misconception that makes this loss of the rows' losses; "" where none does."""

    def weighted(weight: Weight) -> Callable[[Rows, Sequence[int]], float]:
        return lambda rows, sizes: float(row_weights(weight, sizes) @ rows.losses)

    def same(one: float, other: float) -> bool:
        return abs(one - other) <= TOLERANCE * (1 + other)

    known = [Misconception(sentence, weighted(WEIGHTS[name])) for name, sentence in LOSS_SENTENCES.items()]
    found = diagnose([loss], [(rows, sizes)], weighted(true_weight), known, same)
    return found or (ROUNDED if abs(loss - rows.loss) < 0.006 and loss == round(loss, 4) else "")
