"""Checks of 06: the full batch's gradient and loss from micro-batches, by hand and in a Trainer."""

import contextlib
import dataclasses
import functools

from pytest_trainer import check, expect, given
from pytest_trainer.grading.outcome import Broken
from pytest_trainer.lab.recipes import Classifier
from pytest_trainer.reference import accumulation, strategies
from pytest_trainer.reference import accumulation_mistaken as mistaken
from pytest_trainer.reference.accumulation import TOLERANCE
from pytest_trainer.reference.diagnosis import explained
from pytest_trainer.submission import Array

LOSSES = 10  # a loss rounded to four digits is within the tolerance in 4 of 10 batches
ONE_GRAPH = 1.25  # a loss computed by hand adds a little to it; one row too many is a third or a half too much

BY_NAME = "The Trainer passes num_items_in_batch by its name: keep the names of the stub's parameters."
NO_LOSS = (
    "outputs.loss is None: the Trainer takes the labels away before it calls the model, so there is no loss to take "
    "over. Compute it from the logits and the labels."
)
NO_GRAPH = (
    "The loss was taken out of the graph, by item(), detach(), torch.tensor() or no_grad(). What backward() is to go "
    "through must be computed from outputs.logits as it is."
)
NO_RETURN = "The loss was computed and not handed back: a function gives what follows the word return."
NOTHING_RETURNED = "mean_loss returned nothing; the loss must follow the word return."
PLAIN_INT = "num_items_in_batch may be a plain int, which has no tensor's methods."
NOT_COUNTED = "num_items_in_batch may be None, and nothing can be divided by it: say what holds then."

# What an exception's text gives away, where it came from mean_loss itself and where from the Trainer afterwards.
IN_MEAN_LOSS = {"'int' object has no attribute": PLAIN_INT, "NoneType": NO_LOSS}
IN_MEAN_LOSS_WITHOUT_A_COUNT = {"'NoneType' and": NO_LOSS, "NoneType": NOT_COUNTED}
IN_THE_TRAINER = {
    "unexpected keyword argument 'num_items_in_batch'": BY_NAME,
    "does not require grad": NO_GRAPH,
    "'float' object has no attribute": NO_GRAPH,
    "NoneType": NOTHING_RETURNED,
}


@functools.cache
def all_rows(seed):
    """The rows that batches are made of, with their losses and gradients."""
    return accumulation.differentiate(Classifier(seed).make(), accumulation.tokenized_rows(seed))


def accumulated(submission, split, before=None):
    """The batch's rows, and what the probe saw of accumulate_gradients on them."""
    rows = all_rows(submission.seed).take(split.rows)
    before = None if before is None else Array("tensor", "float32", before)
    model = Classifier(submission.seed, split.training)
    seen = submission.probe("accumulate", model, tensors(rows), split.micro_batch_size, before)
    if seen["gradient"].data.shape != rows.gradient.shape:
        raise expect.wrong("accumulate_gradients has changed which parameters the model has.")
    return rows, seen


def tensors(rows):
    """The batch of these rows, as it crosses."""
    return {key: Array("tensor", "int64", value) for key, value in rows.batch.items()}


def gradient(seen):
    """The gradient that a probe saw, in float64."""
    return seen["gradient"].data.astype("float64")


def which_gradient(submission):
    """The misconception that the gradient of the battery shows, or else that of a single row, the longest there is."""
    longest = int((all_rows(submission.seed).gradients ** 2).sum(axis=1).argmax())
    battery = accumulated(submission, mistaken.BATTERY)
    return gradient_diagnosis(submission, *battery, mistaken.BATTERY.sizes) or gradient_diagnosis(
        submission, *accumulated(submission, accumulation.Split((longest,), 1)), [1]
    )


def gradient_diagnosis(submission, rows, seen, sizes):
    """The misconception behind one gradient."""
    came = gradient(seen)
    weights = rows.weights(came)
    if weights is not None:
        return mistaken.gradient_diagnosis(weights, sizes)
    return column_left_out(submission, rows, lambda _, wrong: rows.error(came, wrong) <= TOLERANCE)


def which_loss(submission):
    """The misconception that the loss of the battery shows."""
    rows, seen = accumulated(submission, mistaken.BATTERY)
    came = expect.number(seen["loss"], "accumulate_gradients's result")
    _, other = accumulated(submission, accumulation.Split((1, 4), 1))
    if came == expect.number(other["loss"], "accumulate_gradients's result"):
        return mistaken.ALWAYS_THE_SAME
    sentence = column_left_out(submission, rows, lambda loss, _: abs(came - loss) <= rows.loss_error)
    return sentence or mistaken.loss_diagnosis(came, rows, mistaken.BATTERY.sizes)


def column_left_out(submission, rows, agrees):
    """The sentence on the columns without which the model's mean loss and gradient agree with what came back."""
    for columns in mistaken.LEFT_OUT:
        if agrees(*accumulation.without(Classifier(submission.seed).make(), rows, columns)):
            return mistaken.left_out(columns)
    return ""


def grouped(values, sizes):
    """Numbers of rows, with a bar between micro-batches."""
    texts, start = [], 0
    for size in sizes:
        texts.append(" ".join(f"{value:.3g}" for value in values[start : start + size]))
        start += size
    return " | ".join(texts)


def expect_gradient(came, rows, sizes, what, diagnosis=lambda _: ""):
    """A gradient is the full batch's; where not, it is said how much each row counts in it."""
    if rows.error(came) <= TOLERANCE:
        return
    weights = rows.weights(came)
    n = len(rows.losses)
    if weights is None:
        raise expect.wrong(
            f"{what} is not made of the gradients of the batch's rows: does each row go through the model with "
            "its own input_ids, attention_mask, token_type_ids and label?",
            f"  its length: wanted {length(rows.gradient):.5g}, came back {length(came):.5g}",
        )
    raise expect.wrong(
        f"{what}: {'its only row should count 1' if n == 1 else f'each of the {n} rows should count 1/{n}'} in it.",
        f"  wanted     {grouped([1 / n] * n, sizes)}",
        f"  came back  {grouped(weights, sizes)}",
        diagnosis=diagnosis(weights),
    )


def length(vector):
    """Its Euclidean norm."""
    return float((vector**2).sum() ** 0.5)


def expect_accumulated_gradient(submission, split):
    """accumulate_gradients leaves the full batch's gradient."""
    rows, seen = accumulated(submission, split)
    missing = seen["without_gradient"]
    if missing:
        which = f"{len(missing)} parameters have none, {missing[0]} among them"
        raise expect.wrong(f"Afterwards every parameter should have a gradient; {which}.")
    expect_gradient(gradient(seen), rows, split.sizes, "The gradient")


def expect_loss(submission, split):
    """accumulate_gradients returns the mean loss."""
    rows, seen = accumulated(submission, split)
    if seen["loss"] is None:
        raise expect.wrong("accumulate_gradients returned nothing, wanted the mean loss.", diagnosis=NO_RETURN)
    loss = expect.number(seen["loss"], "accumulate_gradients's result")
    if not abs(loss - rows.loss) <= rows.loss_error:
        raise expect.wrong(
            f"The returned loss: wanted the mean over the rows, {rows.loss:.6g}, came back {loss:.6g}.",
            f"  losses of the rows  {grouped(rows.losses, split.sizes)}",
        )


@check(
    points=2,
    needs="accumulate_gradients",
    hint="backward() adds to .grad. Each micro-batch's loss is a mean over its rows: what is its share of the batch's?",
)
@explained(by=which_gradient)
@given(examples=8, split=accumulation.even_splits)
def test_equal_micro_batches_leave_the_full_batchs_gradient(submission, split):
    expect_accumulated_gradient(submission, split)


@check(
    points=2,
    needs="accumulate_gradients",
    hint="A micro-batch of 2 rows is 2/6 of a batch of 6, however many micro-batches there are.",
)
@explained(by=which_gradient)
@given(examples=12, split=accumulation.uneven_splits)
def test_a_smaller_last_micro_batch_counts_by_its_rows(submission, split):
    expect_accumulated_gradient(submission, split)


@check(
    points=1,
    needs="accumulate_gradients",
    hint="Return one number: the mean of the losses of all rows, not of the last micro-batch's, and not their sum.",
)
@explained(by=which_loss)
@given(examples=LOSSES, split=accumulation.even_splits)
def test_returns_the_mean_loss_of_equal_micro_batches(submission, split):
    expect_loss(submission, split)


@check(
    points=1,
    needs="accumulate_gradients",
    hint="The mean of the micro-batches' losses is the mean over the rows only where all have the same size.",
)
@explained(by=which_loss)
@given(examples=LOSSES, split=accumulation.uneven_splits)
def test_returns_the_mean_loss_with_a_smaller_last_micro_batch(submission, split):
    expect_loss(submission, split)


@check(
    points=1,
    needs="accumulate_gradients",
    hint="What .grad holds at the start is the caller's: no zero_grad(), no new .grad, no scaling of the old one.",
)
@given(examples=4, split=accumulation.even_splits)
def test_adds_to_the_gradients_that_are_there(submission, split):
    rows, alone = accumulated(submission, split)
    if length(gradient(alone)) < 0.01 * length(rows.gradient):
        raise expect.wrong("accumulate_gradients added no gradient.")
    before = earlier_gradient(submission.seed, len(rows.gradient))
    _, seen = accumulated(submission, split, before)
    kept = gradient(seen) - gradient(alone)
    if length(kept - before) <= TOLERANCE * (length(before) + max(rows.scale, length(gradient(alone)))):
        return
    share = float(kept @ before) / float(before @ before)
    raise expect.wrong(
        "Of the gradients that the parameters had before, all should be left, with the batch's added.",
        "  wanted     1 x what was there",
        f"  came back  {share:.3g} x what was there",
        diagnosis=diagnosis_of_share(share),
    )


def earlier_gradient(seed, size):
    """What .grad holds at the start: random, and about as long as a row's gradient."""
    import numpy as np

    return np.random.default_rng(seed).normal(scale=0.1, size=size).astype(np.float32)


def diagnosis_of_share(share):
    """What was done to a gradient of which this much is left."""
    if abs(share) < 0.01:
        return (
            "The gradients that were there were cleared or overwritten. Whoever calls the function may be in the midst "
            "of accumulating: clearing them is the caller's business, and backward() adds."
        )
    if share < 1:
        return (
            "The gradients were divided after the backward passes, and what had been there before was divided with "
            "them. Scale each loss before its backward pass."
        )
    return ""


@check(
    points=2,
    needs="accumulate_gradients",
    evidence="observation",
    hint="That is what accumulation is for: backward() for each micro-batch before the next one's forward pass.",
)
def test_keeps_one_micro_batchs_graph_at_a_time(submission):
    for number, size in ((8, 2), (9, 3), (7, 2)):
        batch = tensors(all_rows(submission.seed).take(range(number)))
        most, alone = submission.probe("graph_sizes", Classifier(submission.seed), batch, size)
        if most is None:
            submission.note("torch.func hides its graphs: how many are kept at a time was not looked at.")
        elif most > ONE_GRAPH * alone:
            raise expect.wrong(
                f"With {number} rows and micro-batches of {size}, graphs of {size * most / alone:.2g} rows were kept "
                f"at a time; wanted at most {size}.",
                diagnosis=diagnosis_of_graphs(most / alone, number / size),
            )


def diagnosis_of_graphs(graphs, all_of_them):
    """What kept graphs of so many micro-batches."""
    if graphs > all_of_them - 0.25:
        return (
            "The whole batch's graph was in memory at once: either the batch went through the model whole, or the "
            "losses were added up for one backward pass at the end. Accumulation exists to save that memory."
        )
    if graphs > 1.9:
        return (
            "Graphs of more than one micro-batch were kept at a time: retain_graph=True, a backward pass that comes "
            "one step late, or several micro-batches at once. After backward() a graph is not needed any more."
        )
    return (
        "The batch was cut into a number of parts, and some parts are larger than micro_batch_size, which is the most "
        "that may go through the model at a time."
    )


@check(
    points=1,
    needs="accumulate_gradients",
    evidence="observation",
    hint="The function computes gradients. Mode, weights and batch are the caller's: no train(), no step(), no pop().",
)
@given(examples=3, split=accumulation.uneven_splits)
def test_leaves_mode_weights_and_batch_as_they_were(submission, split):
    for training in (True, False):
        _, seen = accumulated(submission, dataclasses.replace(split, training=training))
        expect_left_alone(seen, *(("train", "eval") if training else ("eval", "train")))


def expect_left_alone(seen, mode, other_mode):
    """Model and batch are as they were given, the model in `mode`."""
    if seen["changed_modes"]:
        raise expect.wrong(
            f"The model was given in {mode} mode and left in {other_mode} mode.",
            diagnosis="The mode was set and not put back. Which one is right, the caller has decided; leave it alone.",
        )
    if seen["changed_weights"]:
        raise expect.wrong(
            f"{len(seen['changed_weights'])} weights have changed, {seen['changed_weights'][0]} among them.",
            diagnosis="An optimiser took a step inside the function. Accumulating comes before the step, and the step "
            "is the caller's.",
        )
    if seen["frozen"]:
        raise expect.wrong(
            f"{len(seen['frozen'])} parameters do not require a gradient any more, {seen['frozen'][0]} among them."
        )
    if seen["changed_tensors"]:
        raise expect.wrong(
            f"The batch was changed: {', '.join(map(str, seen['changed_tensors']))}.",
            diagnosis="The dict is the caller's own: pop() takes a tensor out of it for good. Make a new dict for each "
            "micro-batch.",
        )


@contextlib.contextmanager
def exceptions_explained(in_mean_loss):
    """Add to an exception of the student's code the sentence for what its text gives away."""
    try:
        yield
    except Broken as error:
        known = in_mean_loss if error.place else IN_THE_TRAINER
        error.diagnosis = next((sentence for text, sentence in known.items() if text in error.message), "")
        raise


def trained(submission, rows, batch_size, accumulation_steps):
    """(rows, sizes of the micro-batches, gradient) of each optimiser step of one epoch in a Trainer."""
    model, batch = Classifier(submission.seed), tensors(all_rows(submission.seed).take(range(rows)))
    with exceptions_explained(IN_MEAN_LOSS):
        gradients = submission.probe("trainer_gradients", model, batch, batch_size, accumulation_steps, limit=60)
    per_step = batch_size * accumulation_steps
    if len(gradients) != -(-rows // per_step):
        raise expect.wrong(f"The Trainer took {len(gradients)} optimiser steps, wanted {-(-rows // per_step)}.")
    for number, came in enumerate(gradients):
        chosen = range(number * per_step, min(rows, (number + 1) * per_step))
        sizes = accumulation.Split(tuple(chosen), batch_size).sizes
        yield all_rows(submission.seed).take(chosen), sizes, came.data.astype("float64")


def expect_trainers_gradient(rows, sizes, came):
    """The gradient of an optimiser step is that of all its rows."""

    def diagnosis(weights):
        return mistaken.gradient_diagnosis(weights, sizes, mistaken.FOR_THE_TRAINER)

    expect_gradient(came, rows, sizes, "The gradient of an optimiser step", diagnosis)


@check(
    points=2,
    needs="mean_loss",
    hint="The Trainer adds up the micro-batches' gradients: together they must be that of the mean over all rows.",
)
def test_the_trainer_gets_the_full_batchs_gradient(submission):
    for batch_size, accumulation_steps in ((4, 2), (2, 5)):
        for step in trained(submission, 2 * batch_size * accumulation_steps, batch_size, accumulation_steps):
            expect_trainers_gradient(*step)


@check(
    points=1,
    needs="mean_loss",
    hint="At the end of an epoch there are fewer micro-batches to a step, and fewer rows in the last one.",
)
def test_the_trainer_gets_it_at_the_end_of_an_epoch_too(submission):
    *_, last = trained(submission, rows=17, batch_size=4, accumulation_steps=3)
    expect_trainers_gradient(*last)


def expect_scalar_loss(submission, logits, labels, num_items_in_batch, divisor, sentences):
    """What mean_loss returns for these logits: the rows' cross-entropies, added up and divided by `divisor`."""
    given_logits, given_labels = Array("tensor", "float32", logits), Array("tensor", "int64", labels)
    loss, has_graph = submission.probe("loss_of_logits", given_logits, given_labels, num_items_in_batch)
    value = float(expect.tensor(loss, "mean_loss's result", ndim=0))
    losses = accumulation.cross_entropies(logits, labels)
    wanted = float(losses.sum()) / divisor
    within = TOLERANCE * (len(labels) + float(losses.sum())) / divisor
    if not abs(value - wanted) <= within:
        raise expect.wrong(
            f"mean_loss: wanted the sum of the rows' losses / {divisor:g} = {wanted:.6g}, came back {value:.6g}.",
            f"  losses of the rows  {' '.join(f'{loss:.4g}' for loss in losses)}",
            diagnosis=mistaken.value_diagnosis(value, logits, labels, divisor, sentences),
        )
    if not has_graph:
        raise expect.wrong(
            "mean_loss: the value is right, but the tensor has no graph, so the Trainer cannot go backward through it.",
            diagnosis=NO_GRAPH,
        )


@check(
    points=1,
    needs="mean_loss",
    hint="The sum of the rows' cross-entropies, divided by num_items_in_batch, an int or a tensor with one element.",
)
@given(
    examples=24,
    logits_and_labels=accumulation.logits_and_labels,
    rows_of_other_micro_batches=lambda: strategies.sampled_from([3, 0, 1, 2, 11]),
    num_items_is=lambda: strategies.sampled_from(["an int", "int64", "float32"]),
)
def test_mean_loss_is_the_sum_divided_by_num_items_in_batch(
    submission, logits_and_labels, rows_of_other_micro_batches, num_items_is
):
    logits, labels = logits_and_labels
    items = len(labels) + rows_of_other_micro_batches
    given_items = items if num_items_is == "an int" else scalar_tensor(items, num_items_is)
    with exceptions_explained(IN_MEAN_LOSS):
        expect_scalar_loss(submission, logits, labels, given_items, items, mistaken.FOR_THE_TRAINER)


def scalar_tensor(value, dtype):
    """A tensor without dimensions, as the Trainer hands it over: of int64 until 5.22, of float32 since."""
    import numpy as np

    return Array("tensor", dtype, np.array(value, dtype=dtype))


@check(
    points=1,
    needs="mean_loss",
    hint="None means that nobody has counted: then the rows at hand are all there is.",
)
@given(examples=8, logits_and_labels=accumulation.logits_and_labels)
def test_mean_loss_is_the_mean_where_nobody_has_counted(submission, logits_and_labels):
    logits, labels = logits_and_labels
    with exceptions_explained(IN_MEAN_LOSS_WITHOUT_A_COUNT):
        expect_scalar_loss(submission, logits, labels, None, len(labels), mistaken.WITHOUT_A_COUNT)


# -- full runs --------------------------------------------------------------------------------------------------------

SPLITS = ((16, 1), (8, 2), (4, 4), (2, 8))
"""Rows of a micro-batch, and accumulation steps."""

REAL_ROWS = 39
"""They make optimiser steps of 16, 16 and 7 rows; in micro-batches of 4, the last step has 4 and 3."""

MOST_TOKENS = 512


def real_tolerance(seen, rows):
    """The relative error allowed to a gradient of a real model: twice what single precision may do to it.

    `rounding_error` has the derivation. It counts the roundings of one order of the sums; twice as much leaves room for
    what it leaves out, and is still far below the mean of means of an uneven step, some percent.
    """
    return 2 * accumulation.rounding_error(layers=seen["layers"], terms=max(seen["widest"], MOST_TOKENS), rows=rows)


def expect_real_gradient(error, factor, allowed, what):
    """A real model's gradient is the full batch's."""
    if not error <= allowed:
        times = f"; it is {factor:.4g} times the full batch's" if abs(factor - 1) > 0.01 else ""
        raise expect.wrong(
            f"{what}: wanted the gradient of all rows at once, to {allowed:.1e}; it is off by {error:.2g}{times}."
        )


@check(
    full_run=True,
    needs="mean_loss",
    evidence="observation",
    hint="The checks without -m gpu look at the same on small batches, and say how much each row counts.",
)
def test_real_rows_give_a_trainer_the_full_batchs_gradient_however_they_are_cut(
    submission, checkpoint, raw_datasets, device
):
    with exceptions_explained(IN_MEAN_LOSS):
        seen = submission.probe(
            "real_trainers",
            checkpoint,
            raw_datasets,
            REAL_ROWS,
            [list(split) for split in SPLITS],
            submission.seed,
            device == "cpu",
            limit=None,
        )
    allowed = real_tolerance(seen, SPLITS[0][0] * SPLITS[0][1])
    steps = [(split, step) for split, steps in zip(SPLITS, seen["steps"], strict=True) for step in enumerate(steps, 1)]
    for (batch_size, accumulation_steps), (number, (error, factor)) in steps:
        what = f"Micro-batches of {batch_size}, {accumulation_steps} to an optimiser step, step {number}"
        expect_real_gradient(error, factor, allowed, what)
    worst = max(error for _, (_, (error, _)) in steps)
    submission.note(
        f"{REAL_ROWS} pairs of MRPC on {device}: with mean_loss a gradient's worst relative error is {worst:.1e}, and "
        f"{allowed:.1e} is allowed. By itself the Trainer, with {SPLITS[-1][1]} accumulation steps, makes the gradient "
        f"{seen['by_itself']:.4f} times the full batch's."
    )


@check(
    full_run=True,
    needs="accumulate_gradients",
    evidence="observation",
    hint="The checks without -m gpu look at the same on small batches, and say how much each row counts.",
)
def test_real_rows_accumulate_to_the_full_batchs_gradient(submission, checkpoint, raw_datasets, device):
    rows, micro_batch_size = 11, 4
    seen = submission.probe(
        "real_accumulation",
        checkpoint,
        raw_datasets,
        rows,
        micro_batch_size,
        submission.seed,
        device == "cpu",
        limit=None,
    )
    allowed = real_tolerance(seen, rows)
    expect_real_gradient(seen["error"], seen["factor"], allowed, f"{rows} pairs in micro-batches of {micro_batch_size}")
    loss = expect.number(seen["loss"], "accumulate_gradients's result")
    expect.close(loss, seen["wanted_loss"], "accumulate_gradients's result", allowed * (1 + seen["wanted_loss"]))
    submission.note(
        f"{rows} pairs of MRPC on {device} by hand, in micro-batches of {micro_batch_size}: the gradient's relative "
        f"error is {seen['error']:.1e}, and {allowed:.1e} is allowed."
    )
