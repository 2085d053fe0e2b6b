"""Where full runs are kept: nothing is overwritten, and the newest unfinished one is resumed."""

import json
from pathlib import Path

import pytest

from pytest_trainer.full_run.folders import (
    CannotResume,
    RunFolder,
    SeedFolder,
    begin,
    checkpoints,
    last_checkpoint,
    resume,
    unfinished,
)

ABOUT = {"checkpoint": "bert", "settings": {"learning_rate": 5e-5}}


def end(folder: RunFolder) -> None:
    (folder.path / "report.json").write_text("{}")


def leave_checkpoint(folder: Path, step: int, whole: bool = True) -> Path:
    path = folder / f"checkpoint-{step}"
    path.mkdir(parents=True)
    (path / "model.safetensors").write_text("weights")
    (path / "trainer_state.json").write_text(json.dumps({"global_step": step}) if whole else '{"global_st')
    return path


def test_each_run_gets_a_folder_of_its_own(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    assert [begin(runs, "bert-seed-0", ABOUT).path.name for _ in range(3)] == [
        "bert-seed-0",
        "bert-seed-0-2",
        "bert-seed-0-3",
    ]


def test_a_run_of_another_seed_is_another_run(tmp_path: Path) -> None:
    begin(tmp_path, "bert-seed-1", ABOUT)
    begin(tmp_path, "bert-seed-10", ABOUT)
    found = unfinished(tmp_path, "bert-seed-1")
    assert found is not None
    assert found.path.name == "bert-seed-1"


def test_the_newest_unfinished_run_is_resumed(tmp_path: Path) -> None:
    first, second, third = (begin(tmp_path, "bert", ABOUT) for _ in range(3))
    end(third)
    assert resume(tmp_path, "bert", ABOUT) == second
    end(second)
    assert resume(tmp_path, "bert", ABOUT) == first


def test_without_an_unfinished_run_there_is_nothing_to_resume(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    sentence = "runs/ has no unfinished run bert; leave out --trainer-resume to start one."
    with pytest.raises(CannotResume, match=sentence):
        resume(runs, "bert", ABOUT)
    end(begin(runs, "bert", ABOUT))
    with pytest.raises(CannotResume, match=sentence):
        resume(runs, "bert", ABOUT)


def test_a_run_that_was_begun_otherwise_is_not_resumed(tmp_path: Path) -> None:
    begin(tmp_path, "bert", ABOUT)
    with pytest.raises(CannotResume, match=r"was begun with checkpoint 'bert', not 'roberta'; leave out"):
        resume(tmp_path, "bert", {**ABOUT, "checkpoint": "roberta"})


def test_only_a_whole_checkpoint_is_resumed_from(tmp_path: Path) -> None:
    assert last_checkpoint(tmp_path) is None
    hundred = leave_checkpoint(tmp_path, 100)
    nine = leave_checkpoint(tmp_path, 9)
    half = leave_checkpoint(tmp_path, 200, whole=False)
    (tmp_path / "checkpoint-best").mkdir()
    assert checkpoints(tmp_path) == [nine, hundred, half]
    assert last_checkpoint(tmp_path) == hundred


def test_a_training_that_ended_keeps_its_numbers_and_no_checkpoints(tmp_path: Path) -> None:
    leave_checkpoint(tmp_path, 7)
    folder = SeedFolder(tmp_path)
    assert folder.returned() is None
    folder.finish({"returned": {"eval_f1": 0.9}})
    assert folder.returned() == {"returned": {"eval_f1": 0.9}}
    assert checkpoints(tmp_path) == []


def test_a_run_with_nothing_to_go_on_from_is_not_worth_resuming(tmp_path: Path) -> None:
    run = begin(tmp_path, "bert", ABOUT)
    seed = run.seed(42)
    leave_checkpoint(seed.path, 10, whole=False)
    assert not run.worth_resuming
    leave_checkpoint(seed.path, 5)
    assert run.worth_resuming
    run.remove()
    assert not run.path.exists()
