"""A measured checkpoint is recognised by its weights; what is asked of another one is more than the same answer."""

import shutil
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from pytest_trainer.full_run import known
from pytest_trainer.full_run.known import KNOWN, Known, fingerprint, threshold
from pytest_trainer.full_run.report import Scores
from pytest_trainer.lab.offline_hub import CHECKPOINT

BASELINE = Scores(0.6838, 0.8122)


def rewritten(folder: Path, change) -> str:
    """The tiny checkpoint elsewhere, with changed weights."""
    shutil.copytree(CHECKPOINT, folder)
    weights = change(load_file(folder / "model.safetensors"))
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    return str(folder)


def test_the_name_of_the_folder_and_half_precision_do_not_matter(tmp_path: Path) -> None:
    half = rewritten(tmp_path / "any name", lambda weights: {name: w.half() for name, w in weights.items()})
    assert len(fingerprint(half)) == 16
    assert fingerprint(half) == fingerprint(str(CHECKPOINT))


def test_a_checkpoint_tuned_further_is_another_one(tmp_path: Path) -> None:
    def tuned(weights):
        [name] = [name for name in weights if name.endswith(known.EMBEDDINGS)]
        weights[name][200] += 0.01
        return weights

    assert fingerprint(rewritten(tmp_path / "tuned", tuned)) != fingerprint(str(CHECKPOINT))


def test_weights_that_are_not_there_or_of_another_model_have_no_fingerprint(tmp_path: Path) -> None:
    assert fingerprint(str(tmp_path)) == ""
    assert fingerprint("nobody/knows") == ""
    other = rewritten(tmp_path / "other", lambda weights: {"linear.weight": next(iter(weights.values()))})
    assert fingerprint(other) == ""
    assert known.known(other) is None


def test_a_measured_checkpoint_has_its_own_thresholds(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = Known("mine", fingerprint(str(CHECKPOINT)), 0.9, 0.95, "Five runs.")
    monkeypatch.setattr(known, "KNOWN", (*KNOWN, mine))
    found = known.known(str(CHECKPOINT))
    assert found == mine
    asked = threshold(found, BASELINE)
    assert (asked.accuracy, asked.f1, asked.why) == (0.9, 0.95, "Five runs.")
    assert not asked.reached(Scores(0.95, 0.94))
    assert asked.reached(Scores(0.9, 0.95))


def test_an_unknown_checkpoint_has_to_beat_always_the_same_answer() -> None:
    asked = threshold(None, BASELINE)
    assert not asked.reached(BASELINE)
    assert asked.reached(Scores(0.6938, 0.5))
    assert "0.6838" in asked.why


def test_what_is_known_is_below_what_was_measured_and_above_the_baseline() -> None:
    for one in KNOWN:
        assert BASELINE.accuracy < one.accuracy < 1
        assert BASELINE.f1 < one.f1 < 1
