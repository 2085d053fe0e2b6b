"""The reference of 06 against the library's own full-batch gradient, its tolerance, and its misconceptions, run."""

import itertools
import random
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import find, given
from torch.nn.functional import cross_entropy

from pytest_trainer.grading import given as grading
from pytest_trainer.lab.recipes import Classifier
from pytest_trainer.reference import accumulation
from pytest_trainer.reference import accumulation_mistaken as mistaken

SEEDS = range(6)
ROUNDING = accumulation.TOLERANCE / 10
SEPARATION = 1e-2


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module", params=SEEDS)
def seed(request):
    return request.param


@pytest.fixture(scope="module")
def all_rows(seed):
    return accumulation.differentiate(Classifier(seed).make(), accumulation.tokenized_rows(seed))


def tensors(rows):
    return {key: torch.from_numpy(values) for key, values in rows.batch.items()}


def gradient_of(model):
    return torch.cat([weight.grad.flatten() for weight in model.parameters()]).double().numpy()


def accumulate(model, rows, size, scaled):
    """The gradient and the loss of a loop over micro-batches; `scaled(loss, micro_batch)` goes backward."""
    batch, total = tensors(rows), 0.0
    micro_sizes = accumulation.Split(tuple(range(len(rows.losses))), size).sizes
    for number, start in enumerate(range(0, len(rows.losses), size)):
        part = {key: tensor[start : start + size] for key, tensor in batch.items()}
        loss = scaled(model(**part).loss, mistaken.MicroBatch(number, tuple(micro_sizes)))
        loss.backward()
        total += loss.item()
    return gradient_of(model), total


def by_rows(loss, micro_batch):
    return loss * micro_batch.rows / micro_batch.all_rows


def random_batches(seed, count=10):
    rng = random.Random(seed)
    for _ in range(count):
        yield rng.sample(range(accumulation.ROWS), rng.randint(1, 15)), rng.randint(1, 6)


def test_equals_the_librarys_gradient_of_the_full_batch_in_double_precision(seed, all_rows):
    for chosen, _ in random_batches(seed):
        rows, model = all_rows.take(chosen), Classifier(seed).make().double()
        loss = model(**tensors(rows)).loss
        loss.backward()
        assert rows.error(gradient_of(model)) < 1e-12
        assert loss.item() == pytest.approx(rows.loss, abs=1e-12)


def test_any_split_in_single_precision_is_ten_times_below_the_tolerance(seed, all_rows):
    for chosen, size in random_batches(seed):
        rows = all_rows.take(chosen)
        gradient, loss = accumulate(Classifier(seed).make(), rows, size, by_rows)
        assert rows.error(gradient) < ROUNDING
        assert abs(loss - rows.loss) < rows.loss_error / 10


def test_a_mean_of_means_is_a_thousand_times_above_the_tolerance(all_rows):
    mean_of_means = mistaken.WEIGHTS["mean of means"]
    for sizes in ([2, 1], [4, 1], [4, 4, 1], [3, 3, 3, 2]):
        rows = all_rows.take(range(sum(sizes)))
        gradient = np.array(mistaken.row_weights(mean_of_means, sizes)) @ rows.gradients
        assert rows.error(gradient) > SEPARATION
        assert SEPARATION >= 1000 * accumulation.TOLERANCE


def test_a_row_has_the_same_loss_in_either_mode_and_in_any_batch(seed, all_rows):
    for training in (True, False):
        model = Classifier(seed, training).make()
        batch = tensors(all_rows)
        with torch.no_grad():
            losses = cross_entropy(model(**batch).logits, batch["labels"], reduction="none")
        assert losses.numpy() == pytest.approx(all_rows.losses, abs=1e-6)


def test_finds_the_weights_of_the_rows_in_a_gradient(all_rows):
    rows = all_rows.take([3, 1, 4, 15, 9])
    weights = [0.5, -1.0, 0.0, 2.0, 0.25]
    single = (np.array(weights) @ rows.gradients).astype(np.float32).astype(np.float64)
    assert rows.weights(single) == pytest.approx(weights, abs=1e-3)


def test_a_gradient_of_something_else_has_no_weights(all_rows):
    rows = all_rows.take([3, 1, 4])
    assert rows.weights(all_rows.take([0]).gradient) is None
    assert rows.weights(np.full_like(rows.gradient, np.nan)) is None


def test_cross_entropies_equal_torchs():
    logits = np.random.default_rng(0).uniform(-2, 2, (50, 2)).astype(np.float32)
    labels = np.arange(50) % 2
    theirs = cross_entropy(torch.from_numpy(logits).double(), torch.from_numpy(labels), reduction="none")
    assert accumulation.cross_entropies(logits, labels) == pytest.approx(theirs.numpy(), abs=1e-12)


SCALED = {
    "sum of means": lambda loss, _: loss,
    "mean of means": lambda loss, b: loss / len(b.sizes),
    "by full micro-batches": lambda loss, b: loss / (b.all_rows // b.size),
    "by micro_batch_size": lambda loss, b: loss / b.size,
    "as if full": lambda loss, b: loss * b.size / b.all_rows,
    "means by rows": lambda loss, b: loss / b.all_rows,
    "sum of rows": lambda loss, b: loss * b.rows,
    "rows by micro_batch_size": lambda loss, b: loss * b.rows / b.size,
    "tail dropped": lambda loss, b: loss * b.is_full * b.size / b.all_rows,
    "last, by rows": lambda loss, b: loss * b.is_last * b.rows / b.all_rows,
}


@pytest.mark.parametrize("name", SCALED)
def test_a_misconception_run_gives_its_weights_and_its_sentence(name):
    split = mistaken.BATTERY
    rows = accumulation.differentiate(Classifier(0).make(), accumulation.tokenized_rows(0)).take(split.rows)
    gradient, loss = accumulate(Classifier(0).make(), rows, split.micro_batch_size, SCALED[name])
    weights = rows.weights(gradient)
    assert weights == pytest.approx(mistaken.row_weights(mistaken.WEIGHTS[name], split.sizes), abs=1e-3)
    assert mistaken.gradient_diagnosis(weights, split.sizes) == mistaken.SENTENCES[name]
    assert mistaken.loss_diagnosis(loss, rows, split.sizes) == mistaken.LOSS_SENTENCES[name]


def test_the_right_answer_has_no_diagnosis(all_rows):
    split = mistaken.BATTERY
    rows = all_rows.take(split.rows)
    assert mistaken.gradient_diagnosis([1 / 9] * 9, split.sizes) == ""
    assert mistaken.loss_diagnosis(rows.loss, rows, split.sizes) == ""


def test_a_common_factor_and_a_rounding_have_sentences_of_their_own(all_rows):
    split = mistaken.BATTERY
    rows = all_rows.take(split.rows)
    assert mistaken.gradient_diagnosis([0.2] * 9, split.sizes) == mistaken.SCALED
    assert mistaken.loss_diagnosis(round(rows.loss, 3), rows, split.sizes) == mistaken.ROUNDED


def test_values_of_mean_loss_have_their_sentences():
    logits, labels = np.array([[1, 0], [0.5, -1], [-2, 1]], np.float32), np.array([0, 1, 1])
    losses = accumulation.cross_entropies(logits, labels)
    softened = accumulation.cross_entropies(accumulation.softmax(logits), labels)
    values = {
        "sum of means": losses.mean(),
        "means by rows": losses.mean() / 8,
        "sum of rows": losses.sum(),
    }
    for name, value in values.items():
        said = mistaken.value_diagnosis(value, logits, labels, 8, mistaken.FOR_THE_TRAINER)
        assert said == mistaken.FOR_THE_TRAINER[name]
    said = mistaken.value_diagnosis(softened.sum() / 8, logits, labels, 8, mistaken.FOR_THE_TRAINER)
    assert said == mistaken.TWICE_SOFTMAX
    assert mistaken.value_diagnosis(losses.sum() / 8, logits, labels, 8, mistaken.FOR_THE_TRAINER) == ""


@pytest.mark.parametrize(
    ("shares", "sentence"),
    [
        ([1, 1, 1, 1, 1], ""),
        ([3, 3, 3, 3, 3], mistaken.SCALED),
        ([1, 1, 2, 1, 2], mistaken.OVERLAPPING),
        ([0.9, 0.9, 0.95, 0.95, 1.3], mistaken.OTHER_SHARES),
        ([0.9, 0.8, 1.1, 0.9, 1.3], ""),
        ([0, 3, 0, 0, 0], ""),
        ([-1, -1, -1, -1, -1], mistaken.SCALED),
    ],
)
def test_weights_by_no_known_formula_have_a_pattern(shares, sentence):
    assert mistaken.gradient_diagnosis([share / 5 for share in shares], [2, 2, 1]) == sentence


def test_cleared_gradients_are_said_to_be_cleared():
    assert mistaken.gradient_diagnosis([0.0, 1e-9, 0.0], [2, 1]) == mistaken.NOTHING


def test_the_battery_separates_all_misconceptions():
    sizes = mistaken.BATTERY.sizes
    weights = {name: np.array(mistaken.row_weights(weight, sizes)) for name, weight in mistaken.WEIGHTS.items()}
    weights[""] = np.full(sum(sizes), 1 / sum(sizes))
    for name, some in weights.items():
        for other, others in weights.items():
            if name < other:
                near = mistaken.KNOWN * max(some.max(), others.max())
                assert (abs(some - others) > 4 * near).any(), (name, other)


def test_the_battery_separates_the_losses_of_all_misconceptions(all_rows):
    rows, sizes = all_rows.take(mistaken.BATTERY.rows), mistaken.BATTERY.sizes
    losses = {
        name: float(mistaken.row_weights(mistaken.WEIGHTS[name], sizes) @ rows.losses)
        for name in mistaken.LOSS_SENTENCES
    } | {"": rows.loss}
    for (name, one), (other_name, other) in itertools.combinations(losses.items(), 2):
        assert abs(one - other) > 10 * accumulation.TOLERANCE * (1 + max(one, other)), (name, other_name)


@pytest.mark.parametrize("columns", mistaken.LEFT_OUT)
def test_a_column_left_out_changes_loss_and_gradient(seed, all_rows, columns):
    rows = all_rows.take(mistaken.BATTERY.rows)
    loss, gradient = accumulation.without(Classifier(seed).make(), rows, columns)
    assert abs(loss - rows.loss) > rows.loss_error
    assert rows.error(gradient) > SEPARATION


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(
    ("splits", "sizes"), [(accumulation.even_splits, [2, 2, 2]), (accumulation.uneven_splits, [2, 2, 1])]
)
def test_whatever_the_seed_the_first_split_is_one_that_tells_much(seed, splits, sizes):
    drawn = []

    @grading.given(examples=3, split=splits)
    def test_sees(submission, split):  # noqa: ARG001 - the fixture that every check needs
        drawn.append(split.sizes)

    test_sees(submission=SimpleNamespace(seed=seed))
    assert drawn[0] == sizes


@given(accumulation.even_splits())
def test_even_splits_have_micro_batches_of_one_size(split):
    assert set(split.sizes) == {split.micro_batch_size}
    assert len(set(split.rows)) == sum(split.sizes)


@given(accumulation.uneven_splits())
def test_uneven_splits_end_in_a_smaller_micro_batch(split):
    assert set(split.sizes[:-1]) <= {split.micro_batch_size}
    assert split.sizes[-1] < split.micro_batch_size
    assert len(set(split.rows)) == sum(split.sizes)


@pytest.mark.parametrize("number", [1, 2, 4])
def test_uneven_splits_have_any_number_of_micro_batches(number):
    assert find(accumulation.uneven_splits(), lambda split: len(split.sizes) == number)


def test_a_split_shows_itself_in_the_lessons_words():
    assert repr(accumulation.Split((4, 2, 7), 2)) == "3 rows, micro_batch_size 2 (2 + 1), train mode"
    assert repr(accumulation.Split((4,), 5, training=False)) == "1 row, micro_batch_size 5 (1), eval mode"


def test_rows_are_all_different_and_of_both_classes(seed):
    rows = accumulation.tokenized_rows(seed)
    assert len({tuple(row["input_ids"]) for row in rows}) == accumulation.ROWS
    assert sum(row["label"] for row in rows) == accumulation.ROWS // 2
    assert len({len(row["input_ids"]) for row in rows}) > 3
