"""Checks of 04: accuracy and F1 from logits, as a number that the Trainer can log; each slip costs its own points."""

from pytest_trainer import check, expect, given
from pytest_trainer.lab.recipes import Paraphrases, Predictions
from pytest_trainer.reference import metrics, metrics_mistaken, strategies
from pytest_trainer.reference.diagnosis import explained
from pytest_trainer.submission import Array

ROUNDED = 0.006  # two decimals; the check on exactness has points of its own


def predictions(logits, labels):
    """The recipe of an EvalPrediction."""
    return Predictions(Array("ndarray", "float32", logits), Array("ndarray", "int64", labels))


def numbers(submission, logits, labels, *keys):
    """The student's results under these keys, as floats."""
    result = submission.call("compute_metrics", predictions(logits, labels))
    result = expect.mapping(result, "compute_metrics's result", keys=keys, extra=True)
    return [expect.number(result[key], key) for key in keys]


def of(submission, name):
    """The student's result under this key, as a function of logits and labels."""
    return lambda *table: numbers(submission, *table, name)[0]


def seen_in(name, misconceptions):
    """What names the misconception behind a wrong number, from tables that tell them apart."""

    def by(submission):
        sentence = metrics_mistaken.which_memory(of(submission, "accuracy"))
        return sentence or metrics_mistaken.which(name, of(submission, name), misconceptions)

    return by


def where_undefined(submission):
    """What names the misconception of an F1 without true positives."""
    return metrics_mistaken.which_undefined(of(submission, "f1"))


def result(submission):
    """What names the misconception behind keys and values that are not those asked for."""
    return metrics_mistaken.which_result(
        submission.call("compute_metrics", predictions(*metrics_mistaken.battery()[0]))
    )


def written_into(submission):
    """What to say where logits or labels are not afterwards what they were before."""
    table = metrics_mistaken.battery()[1]
    _, *after = submission.probe("inputs_after", predictions(*table))
    same = all((getattr(now, "data", None) == was).all() for now, was in zip(after, table, strict=True))
    return "" if same else metrics_mistaken.WRITTEN_INTO


def in_either(mistaken):
    """What names the misconception behind accuracy or F1."""
    accuracy, f1 = (seen_in(name, mistaken[name]) for name in ("accuracy", "f1"))
    return lambda submission: accuracy(submission) or f1(submission)


def expect_same(came, wanted, what):
    """Two results that should agree; what is NaN twice has a check, and points, of its own."""
    if came == came or wanted == wanted:
        expect.close(came, wanted, what, metrics.TOLERANCE)


def has_positives(logits_and_labels):
    """Whether F1 is defined: some pair is, or is taken for, equivalent."""
    logits, labels = logits_and_labels
    return bool((labels == 1).any() or (logits[:, 1] > logits[:, 0]).any())


def has_many_digits(logits_and_labels):
    """Whether accuracy or F1 has more than five digits, so that rounding shows; most tables hide it."""
    numbers = (metrics.accuracy(*logits_and_labels), metrics.f1(*logits_and_labels))
    return any(abs(round(number, 5) - number) > metrics.TOLERANCE for number in numbers)


@check(
    points=2,
    needs="compute_metrics",
    hint="Return {'accuracy': ..., 'f1': ...}, each one number: an array cannot be saved with the next checkpoint.",
)
@explained(by=result)
@given(examples=10, logits_and_labels=strategies.logits_and_labels)
def test_returns_accuracy_and_f1_as_numbers(submission, logits_and_labels):
    numbers(submission, *logits_and_labels, "accuracy", "f1")


@check(
    points=3,
    needs="compute_metrics",
    hint="The predicted class is the column of the larger logit in each row; accuracy is the share that is right.",
)
@explained(by=seen_in("accuracy", metrics_mistaken.OF_ACCURACY))
@given(examples=20, logits_and_labels=strategies.logits_and_labels)
def test_accuracy_is_the_share_of_pairs_classified_rightly(submission, logits_and_labels):
    [accuracy] = numbers(submission, *logits_and_labels, "accuracy")
    expect.close(accuracy, metrics.accuracy(*logits_and_labels), "accuracy", within=ROUNDED)


@check(
    points=3,
    needs="compute_metrics",
    hint="F1 of class 1, equivalent: 2 TP / (2 TP + FP + FN). No average over the classes, and not class 0's.",
)
@explained(by=lambda one: seen_in("f1", metrics_mistaken.OF_F1)(one) or where_undefined(one))
@given(examples=20, logits_and_labels=lambda: strategies.logits_and_labels().filter(has_positives))
def test_f1_is_that_of_the_equivalent_class(submission, logits_and_labels):
    [f1] = numbers(submission, *logits_and_labels, "f1")
    expect.close(f1, metrics.f1(*logits_and_labels), "f1", within=ROUNDED)


@check(
    points=1,
    needs="compute_metrics",
    hint="Where no pair is equivalent and none is taken for it, F1 is 0 / 0: say 0, neither 1 nor NaN nor an error.",
)
@explained(by=where_undefined)
@given(examples=5, logits_and_labels=lambda: strategies.logits_and_labels().map(strategies.without_positives))
def test_f1_is_0_where_it_is_undefined(submission, logits_and_labels):
    [f1] = numbers(submission, *logits_and_labels, "f1")
    expect.close(f1, 0.0, "f1", within=metrics.TOLERANCE)


@check(
    points=1,
    needs="compute_metrics",
    hint="Return the numbers as they come out; rounding is for printing, and a share is no percentage.",
)
@explained(by=in_either(metrics_mistaken.ROUNDED))
@given(examples=10, logits_and_labels=lambda: strategies.logits_and_labels().filter(has_many_digits))
def test_numbers_are_exact(submission, logits_and_labels):
    accuracy, f1 = numbers(submission, *logits_and_labels, "accuracy", "f1")
    expect.close(accuracy, metrics.accuracy(*logits_and_labels), "accuracy", metrics.TOLERANCE, "to within 1e-6")
    expect.close(f1, metrics.f1(*logits_and_labels), "f1", metrics.TOLERANCE, "to within 1e-6")


@check(
    points=1,
    needs="compute_metrics",
    hint="Only which logit of a row is larger matters: no threshold holds for logits.",
)
@explained(by=in_either(metrics_mistaken.MISTAKEN))
@given(examples=25, logits_and_labels_and_moved_and_labels=strategies.moved_logits)
def test_only_the_larger_logit_of_a_row_matters(submission, logits_and_labels_and_moved_and_labels):
    logits, labels, moved, moved_labels = logits_and_labels_and_moved_and_labels
    before = numbers(submission, logits, labels, "accuracy", "f1")
    after = numbers(submission, moved, moved_labels, "accuracy", "f1")
    for name, one, other in zip(("accuracy", "f1"), before, after, strict=True):
        expect_same(other, one, f"{name} after moving the logits or reordering the rows")


@check(
    points=1,
    needs="compute_metrics",
    evidence="observation",
    hint="logits and labels are the Trainer's arrays: make new ones rather than write into them.",
)
@explained(by=written_into)
@given(examples=5, logits_and_labels=strategies.logits_and_labels)
def test_leaves_logits_and_labels_unchanged(submission, logits_and_labels):
    result, *after = submission.probe("inputs_after", predictions(*logits_and_labels))
    expect.mapping(result, "compute_metrics's result", keys=("accuracy",), extra=True)
    for name, was, now in zip(("the logits", "the labels"), logits_and_labels, after, strict=True):
        if getattr(now, "kind", None) != "ndarray":
            raise expect.wrong(f"compute_metrics replaced {name}, which it was only to read.")
        expect.same_array(now.data, was, f"{name} after the call")


@check(
    points=1,
    needs="compute_metrics",
    hint="A metric object that is kept between calls must start anew: each evaluation is about its own pairs only.",
)
@explained(by=lambda one: metrics_mistaken.which_memory(of(one, "accuracy")))
@given(examples=5, first=strategies.logits_and_labels, second=strategies.logits_and_labels)
def test_numbers_depend_on_this_call_alone(submission, first, second):
    once = numbers(submission, *first, "accuracy", "f1")
    numbers(submission, *second, "accuracy", "f1")
    again = numbers(submission, *first, "accuracy", "f1")
    for name, before, after in zip(("accuracy", "f1"), once, again, strict=True):
        expect_same(after, before, f"{name} of the same pairs after another call")


@check(
    points=2,
    needs="compute_metrics",
    hint="The Trainer calls compute_metrics with an EvalPrediction and logs its numbers as eval_accuracy and eval_f1.",
)
def test_works_inside_a_trainer(submission, checkpoint):
    data = Paraphrases(submission.seed, {"train": 8, "validation": 48, "test": 8})
    logged, logits, labels = submission.probe("evaluate_in_a_trainer", checkpoint, data, limit=60)
    logged = expect.mapping(logged, "what the Trainer logs", keys=("eval_accuracy", "eval_f1"), extra=True)
    for name, wanted in (("accuracy", metrics.accuracy), ("f1", metrics.f1)):
        key = f"eval_{name}"
        expect.close(logged[key], wanted(logits.data, labels.data), key, ROUNDED)
