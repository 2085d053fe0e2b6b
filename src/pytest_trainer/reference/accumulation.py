"""What a batch's loss and gradient are made of, row by row, and the strategies that draw batches and their splits.

The loss of a batch is the mean of its rows' cross-entropies, so its gradient is the mean of the rows' gradients: each
of n rows counts 1/n.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_trainer.reference.padding import Feature, pad
from pytest_trainer.reference.strategies import CLS, FIRST_WORD, SEP

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy
    from numpy.typing import NDArray

ROWS = 20
MAX_WORDS = 5
VOCABULARY = 64

UNIT_ROUNDOFF = 2.0**-24
"""The largest relative error of one rounding to float32."""


def rounding_error(*, layers: int, terms: int, rows: int) -> float:
    """How far single precision may put a BERT's gradient from the true one, relative to the rows' gradients.

    The gradient is that of the mean loss of `rows` rows, and 1 is the mean length of their own gradients. It is
    measured against these and not against their mean, because rows may cancel: their rounding errors do not.

    From the embeddings to the loss, a number passes some 14 operations (embeddings and their norm, pooler, head,
    log-softmax) and 26 in each layer (six products of matrices, the softmax, GELU, two sums and their norms), and as
    many on the way back: d = 2 (14 + 26 layers). Each is a sum of at most n = `terms` products, the widest of
    hidden_size, intermediate_size and the number of tokens. Roundings of random sign add up to sqrt(d n) u, with u the
    `UNIT_ROUNDOFF` (Higham and Mary, A new approach to probabilistic rounding error analysis, 2019). So row i's
    gradient g_i is off by |g_i| sqrt(d n) u, and the mean of all by at most the mean of that. Adding up N rows, within
    a micro-batch and from one to the next, is a sum of N terms more, in whatever order: sqrt(d n + N) u.

    Two splits of the same rows may both be off, so that they differ by at most twice as much.

    Args:
        layers: num_hidden_layers.
        terms: the largest number of products that are added up.
        rows: the rows of the batch.
    """
    return float((2 * (14 + 26 * layers) * terms + rows) ** 0.5) * UNIT_ROUNDOFF


TOLERANCE = 1e-5
"""The relative error allowed in exercise 06, where 1 is the mean length of the rows' gradients, or a row's loss plus 1.

It is a good twice the `rounding_error` of the exercise's model: one layer, sums of at most 64 terms, 4e-6. The errors
measured against float64 are at most 1e-6 whatever the split; a mean of micro-batch means is off by at least 1e-2. A
test repeats both. Right answers in other styles pass with a tenth of it; of 45 wrong ones all but the mildest, a loss
rounded to 4 digits, fail with a hundred times as much (benchmarks/luck.py with --tolerance-times).
"""


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
        return float(((self.gradients**2).sum(axis=1) ** 0.5).mean())

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


def tokenized_rows(seed: int, rows: int = ROWS, max_words: int = MAX_WORDS) -> list[Feature]:
    """Tokenized pairs of 5 to 2 * `max_words` + 3 tokens, half of them of each class."""
    rng = random.Random(f"rows {seed}")
    labels = [i % 2 for i in range(rows)]
    rng.shuffle(labels)
    pairs: list[Feature] = []
    for label in labels:
        first, second = (rng.choices(range(FIRST_WORD, VOCABULARY), k=rng.randint(1, max_words)) for _ in range(2))
        input_ids = [CLS, *first, SEP, *second, SEP]
        pairs.append(
            {
                "input_ids": input_ids,
                "token_type_ids": [0] * (len(first) + 2) + [1] * (len(second) + 1),
                "attention_mask": [1] * len(input_ids),
                "label": label,
            }
        )
    return pairs


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


def even_splits() -> SearchStrategy[Split]:
    """Batches of 1 to 12 rows in 1 to 4 micro-batches of equal size.

    The simplest is the first that any seed draws, so it is one that tells much: 2 + 2 + 2 rows.
    """
    from hypothesis import strategies as st

    sizes = st.tuples(st.sampled_from([2, 1, 3]), st.sampled_from([3, 2, 4, 1, 2, 3]))  # one alone tells least
    return st.builds(lambda s, order, training: _split(s[0] * s[1], s[0], order, training), sizes, *_order_and_mode())


def uneven_splits() -> SearchStrategy[Split]:
    """Batches of 1 to 15 rows whose last micro-batch is smaller than the others, or than it might be if it is alone.

    The simplest, and the first that any seed draws, is 2 + 2 + 1 rows.
    """
    from hypothesis import strategies as st

    sizes = st.integers(2, 4).flatmap(
        lambda s: st.tuples(st.just(s), st.integers(1, s - 1), st.sampled_from([2, 1, 3, 0, 1, 2]))
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
