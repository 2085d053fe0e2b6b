"""Evaluation: predict(), evaluate(), compute_metrics, and the metrics themselves."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score
from transformers import EarlyStoppingCallback, EvalPrediction, Trainer
from transformers.trainer_utils import PredictionOutput

from claims.claim import claim
from claims.small import logged, tokenized_datasets, trainer


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Trainer:
    """A Trainer to evaluate with, as it was made, which reports one number of its own."""
    return trainer(tmp_path_factory.mktemp("untrained"), compute_metrics=lambda _: {"mine": 0.5})


@claim(
    "predict() returns a named tuple of three fields: predictions, label_ids, metrics.",
    said_in={"05_training_run": "gives logits and labels themselves"},
    on_page=True,
)
def test_predict_returns_three_fields(untrained: Trainer) -> None:
    predicted = untrained.predict(tokenized_datasets()["validation"])
    assert isinstance(predicted, PredictionOutput)
    assert isinstance(predicted, tuple)
    assert predicted._fields == ("predictions", "label_ids", "metrics")


@claim("For n pairs, predictions are float32 logits of shape (n, 2), and label_ids int64 of shape (n,).", on_page=True)
def test_shapes_of_predictions(untrained: Trainer) -> None:
    rows = tokenized_datasets()["validation"]
    predicted = untrained.predict(rows)
    assert (predicted.predictions.shape, predicted.predictions.dtype) == ((20, 2), np.float32)
    assert (predicted.label_ids.shape, predicted.label_ids.dtype) == ((20,), np.int64)
    assert predicted.label_ids.tolist() == rows["label"][:]


@claim(
    "The keys of predict()'s metrics begin with `test_`: the loss, times, and what `compute_metrics` returned.",
    said_in={"05_training_run": "and `test_` in front of its keys"},
    on_page=True,
)
def test_keys_of_predict(untrained: Trainer) -> None:
    metrics = untrained.predict(tokenized_datasets()["validation"]).metrics
    assert {"test_loss", "test_mine", "test_runtime"} <= metrics.keys()
    assert all(key.startswith("test_") for key in metrics)


@claim(
    "The keys of evaluate()'s metrics begin with `eval_`: your `accuracy` becomes `eval_accuracy`.",
    said_in={
        "04_compute_metrics": "your key `accuracy` becomes `eval_accuracy`",
        "05_training_run": "whose keys begin with `eval_`",
    },
)
def test_keys_of_evaluate(untrained: Trainer) -> None:
    metrics = untrained.evaluate()
    assert {"eval_loss", "eval_mine", "eval_runtime"} <= metrics.keys()
    assert all(key.startswith("eval_") or key == "epoch" for key in metrics)


@claim(
    "Without `compute_metrics` an evaluation reports the loss and times, and no other number.",
    said_in={"04_compute_metrics": "the Trainer can report one number by itself: the loss"},
    on_page=True,
)
def test_without_compute_metrics_only_the_loss(tmp_path: Path) -> None:
    metrics = trainer(tmp_path).evaluate()
    told = {key for key in metrics if not key.endswith(("runtime", "per_second"))}
    assert told - {"epoch", "eval_model_preparation_time"} == {"eval_loss"}


@claim(
    "The Trainer calls `compute_metrics` once for each evaluation, with the logits and labels of all pairs, and never "
    "while it trains.",
    said_in={"04_compute_metrics": "After each evaluation it calls your function once, with all logits and all labels"},
    quiz=("4a", "4b", "4c"),
    on_page=True,
)
def test_compute_metrics_is_called_once_an_evaluation(tmp_path: Path) -> None:
    calls: list[tuple[int, ...]] = []

    def compute_metrics(given: EvalPrediction) -> dict[str, float]:
        calls.append((*given.predictions.shape, *given.label_ids.shape))
        return {}

    settings = {"eval_strategy": "epoch", "num_train_epochs": 2, "per_device_eval_batch_size": 4}
    trainer(tmp_path, settings=settings, compute_metrics=compute_metrics).train()
    assert calls == [(20, 2, 20)] * 2
    trainer(tmp_path, settings={"num_train_epochs": 1}, compute_metrics=compute_metrics).train()
    assert len(calls) == 2


@claim("The training goes on to its end, however bad the numbers of `compute_metrics` become.", quiz=("4d",))
def test_compute_metrics_stops_nothing(tmp_path: Path) -> None:
    falling = iter([0.9, 0.5, 0.1])
    settings = {"eval_strategy": "epoch", "num_train_epochs": 3}
    run = trainer(tmp_path, settings=settings, compute_metrics=lambda _: {"accuracy": next(falling)})
    run.train()
    assert logged(run, "eval_accuracy") == [0.9, 0.5, 0.1]
    assert run.state.global_step == 3 * 4


@claim("An EarlyStoppingCallback with `metric_for_best_model` stops the training, by the same numbers.", quiz=("4d",))
def test_a_callback_stops_early(tmp_path: Path) -> None:
    falling = iter([0.9, 0.5, 0.1])
    settings = {
        "eval_strategy": "epoch",
        "save_strategy": "epoch",
        "num_train_epochs": 3,
        "load_best_model_at_end": True,
        "metric_for_best_model": "accuracy",
    }
    run = trainer(
        tmp_path,
        settings=settings,
        compute_metrics=lambda _: {"accuracy": next(falling)},
        callbacks=[EarlyStoppingCallback(early_stopping_patience=1)],
    )
    run.train()
    assert run.state.global_step == 2 * 4


# -- EvalPrediction ---------------------------------------------------------------------------------------------------

LOGITS = np.array([[0.2, 1.9], [-0.4, 0.3], [1.1, 0.8], [-1.5, -0.6], [2.0, -1.0], [0.9, 1.4]], dtype=np.float32)
LABELS = np.array([1, 0, 0, 1, 1, 1])
PREDICTED = LOGITS.argmax(axis=-1)


@claim(
    "An EvalPrediction is no tuple. It unpacks into two, has the fields predictions and label_ids, and can be indexed.",
    said_in={"04_compute_metrics": "It unpacks into two, `logits, labels = eval_preds`"},
    differs="EvalPrediction is a named tuple.",
)
def test_eval_prediction_is_no_tuple() -> None:
    given = EvalPrediction(predictions=LOGITS, label_ids=LABELS)
    assert not isinstance(given, tuple)
    logits, labels = given
    assert logits is given.predictions is given[0] is LOGITS
    assert labels is given.label_ids is given[1] is LABELS


def logged_metric(folder: Path, value: Any) -> Trainer:
    """A training that saves after its one evaluation, which reported this value."""
    settings = {"max_steps": 2, "eval_strategy": "steps", "eval_steps": 1, "save_strategy": "steps", "save_steps": 2}
    run = trainer(folder, settings=settings, compute_metrics=lambda _: {"mine": value})
    run.train()
    return run


@claim("What `compute_metrics` returns is logged as plain numbers: numpy scalars become floats.", on_page=True)
def test_numpy_scalars_become_floats(tmp_path: Path) -> None:
    run = logged_metric(tmp_path, np.float64(0.75))
    assert [(type(value), value) for value in logged(run, "eval_mine")] == [(float, 0.75)] * 2
    saved = json.loads((tmp_path / "checkpoint-2" / "trainer_state.json").read_text())
    assert next(entry["eval_mine"] for entry in saved["log_history"] if "eval_mine" in entry) == 0.75


@claim(
    "An array of one number survives evaluate(), and is a TypeError when the next checkpoint is saved.",
    said_in={"04_compute_metrics": "An array of one number survives the evaluation, and then breaks the training"},
)
def test_an_array_breaks_the_next_checkpoint(tmp_path: Path) -> None:
    assert trainer(tmp_path, compute_metrics=lambda _: {"mine": np.array([0.5])}).evaluate()["eval_mine"] == 0.5
    with pytest.raises(TypeError, match="Object of type ndarray is not JSON serializable"):
        logged_metric(tmp_path, np.array([0.5]))


# -- the metrics ------------------------------------------------------------------------------------------------------


@claim(
    "Of the six pairs of exercise 04, accuracy is 0.6667, and F1 0.75 (class 1), 0.5 (class 0), 0.625 (macro), 0.6667 "
    "(weighted and micro).",
    said_in={"04_compute_metrics": '| mean of the two ("macro") | 0.625 |'},
)
def test_the_six_pairs_of_the_lesson() -> None:
    f1 = {how: f1_score(LABELS, PREDICTED, average=how) for how in ("binary", "macro", "weighted", "micro")}
    assert f1 == pytest.approx({"binary": 0.75, "macro": 0.625, "weighted": 2 / 3, "micro": 2 / 3})
    assert f1_score(LABELS, PREDICTED, pos_label=0) == 0.5
    assert accuracy_score(LABELS, PREDICTED) == pytest.approx(4 / 6)


@claim('With two classes, "micro" F1 is the accuracy.', said_in={"04_compute_metrics": "which is the accuracy again"})
def test_micro_f1_is_the_accuracy() -> None:
    random = np.random.default_rng(0)
    for _ in range(20):
        labels, predicted = random.integers(0, 2, (2, 30))
        assert f1_score(labels, predicted, average="micro") == pytest.approx(accuracy_score(labels, predicted))


@claim(
    "Always answering 'equivalent' has an accuracy of 0.684 and an F1 of 0.812 on MRPC's 279 of 408 pairs.",
    said_in={"04_compute_metrics": "an accuracy of 279 / 408 = 0.684 and an F1 of 558 / 687 = 0.812"},
)
def test_the_baseline() -> None:
    labels, always = np.array([1] * 279 + [0] * 129), np.ones(408, int)
    assert round(accuracy_score(labels, always), 3) == round(279 / 408, 3) == 0.684
    assert round(f1_score(labels, always), 3) == round(558 / 687, 3) == 0.812


@claim(
    "Where no pair is, or is taken for, equivalent, scikit-learn's F1 is 0, with a warning.",
    said_in={"04_compute_metrics": "By convention it is then 0"},
)
def test_f1_without_positives() -> None:
    with pytest.warns(match="F-score is ill-defined"):
        assert f1_score(np.zeros(3, int), np.zeros(3, int)) == 0
