"""Our metric scripts give what scikit-learn gives, on every input and without a warning."""

import importlib.util
import inspect
import warnings
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_trainer.lab import offline_hub

PROPERTY = settings(max_examples=40, deadline=None, derandomize=True, database=None)
AVERAGED = ("f1", "precision", "recall")

# Where precision, recall or F1 has nothing to divide by: predictions, references.
UNDEFINED = [([0], [0]), ([0, 0], [1, 1]), ([1, 1], [0, 0]), ([1], [1]), ([0, 1], [0, 0])]

# The Hub's metrics as its pages document them: the options after predictions and references.
OPTIONS = {
    "accuracy": {"normalize": True, "sample_weight": None},
    "f1": {"labels": None, "pos_label": 1, "average": "binary", "sample_weight": None},
    "precision": {
        "labels": None,
        "pos_label": 1,
        "average": "binary",
        "sample_weight": None,
        "zero_division": 0,
    },
    "recall": {
        "labels": None,
        "pos_label": 1,
        "average": "binary",
        "sample_weight": None,
        "zero_division": 0,
    },
    "glue": {},
}


def rows(classes: int) -> st.SearchStrategy[list[tuple[int, int, float]]]:
    """Rows of prediction, reference and weight."""
    label = st.integers(0, classes - 1)
    return st.lists(st.tuples(label, label, st.floats(0.5, 2)), min_size=1, max_size=30)


def script_class(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, offline_hub.METRIC_SCRIPTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return getattr(script, name.capitalize())


@pytest.fixture(scope="module")
def metric(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """`metric(name, config)`: the script's metric as Evaluate makes it, with a cache of its own."""
    cache = str(tmp_path_factory.mktemp("metrics"))

    def make(name: str, config: str | None = None) -> Any:
        return script_class(name)(config_name=config, cache_dir=cache, keep_in_memory=True)

    return make


def by_scikit_learn(function: str, predictions: list[int], references: list[int], **options: Any) -> Any:
    import sklearn.metrics

    with warnings.catch_warnings(action="ignore"):
        return getattr(sklearn.metrics, function)(references, predictions, **options)


@pytest.mark.parametrize("name", offline_hub.METRICS)
def test_the_options_are_those_of_the_metric_on_the_hub(name: str) -> None:
    parameters = inspect.signature(script_class(name)._compute).parameters.values()
    assert {each.name: each.default for each in list(parameters)[3:]} == OPTIONS[name]


@PROPERTY
@given(rows=rows(4), normalize=st.booleans(), weighted=st.booleans())
def test_accuracy_agrees_with_scikit_learn(metric: Any, rows: Any, normalize: bool, weighted: bool) -> None:
    predictions, references, weights = map(list, zip(*rows, strict=True))
    options = {"normalize": normalize, "sample_weight": weights if weighted else None}
    expected = by_scikit_learn("accuracy_score", predictions, references, **options)
    got = metric("accuracy").compute(predictions=predictions, references=references, **options)
    assert got == {"accuracy": expected}
    assert type(got["accuracy"]) is float


@pytest.mark.parametrize("name", AVERAGED)
@PROPERTY
@given(rows=rows(2), pos_label=st.sampled_from([0, 1]), weighted=st.booleans())
def test_binary_scores_agree_with_scikit_learn(
    metric: Any, name: str, rows: Any, pos_label: int, weighted: bool
) -> None:
    predictions, references, weights = map(list, zip(*rows, strict=True))
    options = {"pos_label": pos_label, "sample_weight": weights if weighted else None}
    expected = by_scikit_learn(f"{name}_score", predictions, references, **options)
    got = metric(name).compute(predictions=predictions, references=references, **options)
    assert got == {name: expected}
    assert type(got[name]) is float


@pytest.mark.parametrize("name", AVERAGED)
@PROPERTY
@given(
    rows=rows(4),
    average=st.sampled_from(["micro", "macro", "weighted", None]),
    labels=st.sampled_from([None, [0, 2], [3, 2, 1, 0]]),
)
def test_averages_over_many_classes_agree_with_scikit_learn(
    metric: Any, name: str, rows: Any, average: str | None, labels: list[int] | None
) -> None:
    predictions, references, _ = map(list, zip(*rows, strict=True))
    options = {"average": average, "labels": labels}
    expected = by_scikit_learn(f"{name}_score", predictions, references, **options)
    score = metric(name).compute(predictions=predictions, references=references, **options)[name]
    assert (score.tolist() if average is None else score) == (expected.tolist() if average is None else expected)


@pytest.mark.parametrize("task", ["mrpc", "qqp"])
@PROPERTY
@given(rows=rows(2))
def test_glue_gives_accuracy_and_f1_for_pairs(metric: Any, task: str, rows: Any) -> None:
    predictions, references, _ = map(list, zip(*rows, strict=True))
    got = metric("glue", task).compute(predictions=predictions, references=references)
    assert got == {
        "accuracy": by_scikit_learn("accuracy_score", predictions, references),
        "f1": by_scikit_learn("f1_score", predictions, references),
    }


@pytest.mark.parametrize("task", ["sst2", "qnli", "rte", "wnli", "mnli"])
def test_glue_gives_accuracy_for_single_labels(metric: Any, task: str) -> None:
    got = metric("glue", task).compute(predictions=[0, 2, 1, 1], references=[0, 2, 2, 1])
    assert got == {"accuracy": 0.75}


@pytest.mark.parametrize("task", [None, "cola", "stsb", "mrcp"])
def test_glue_names_the_tasks_that_it_knows(metric: Any, task: str | None) -> None:
    with pytest.raises(ValueError, match=f"TASK is one of mrpc, qqp, .*, hans; got '{task or 'default'}'"):
        metric("glue", task)


@pytest.mark.parametrize("name", AVERAGED)
@pytest.mark.parametrize(("predictions", "references"), UNDEFINED)
def test_an_undefined_score_is_zero_and_nothing_is_said(
    metric: Any, capfd: pytest.CaptureFixture[str], name: str, predictions: list[int], references: list[int]
) -> None:
    score = metric(name).compute(predictions=predictions, references=references)[name]
    assert score == (1.0 if predictions == references == [1] else 0.0)
    assert capfd.readouterr() == ("", "")
