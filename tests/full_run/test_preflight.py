"""What a full run needs is looked at before it begins; what is missing has one sentence."""

from pathlib import Path

import pytest
from datasets import Dataset

from pytest_trainer.full_run import preflight
from pytest_trainer.lab.offline_hub import CHECKPOINT
from pytest_trainer.lab.world import Real, WorldRefused

ROWS = {"sentence1": ["a", "b"], "sentence2": ["c", "d"], "label": [0, 1], "idx": [0, 1]}


def write(folder: Path, **splits: dict[str, list[object]]) -> Real:
    """Parquet files of these splits; of `ROWS` where one is not named."""
    for split in ("train", "validation", "test"):
        Dataset.from_dict(splits.get(split, ROWS)).to_parquet(folder / f"{split}.parquet")
    return Real(data=str(folder))


@pytest.fixture(autouse=True)
def cache_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is kept beside the user's data sets."""
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "cache")


def test_good_data_are_handed_out(tmp_path: Path) -> None:
    splits = preflight.data(write(tmp_path))
    assert splits["train"]["sentence1"][:] == ["a", "b"]


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    real = write(tmp_path, validation={name: ROWS[name] for name in ("sentence1", "label")})
    with pytest.raises(WorldRefused, match=r"validation\.parquet lacks the column sentence2; a full run needs sent"):
        preflight.data(real)


def test_labels_that_are_not_mrpcs_are_named(tmp_path: Path) -> None:
    with pytest.raises(WorldRefused, match="the labels of 'train' are 0 and 1 in MRPC, not 2"):
        preflight.data(write(tmp_path, train={**ROWS, "label": [0, 2]}))


def test_an_empty_split_is_named(tmp_path: Path) -> None:
    empty = {name: [] for name in ROWS}
    with pytest.raises(WorldRefused, match=r"has no rows in the split 'validation'|cannot be read"):
        preflight.data(write(tmp_path, validation=empty))


def test_files_that_are_no_parquet_are_refused(tmp_path: Path) -> None:
    real = write(tmp_path)
    (tmp_path / "train.parquet").write_text("sentence1,sentence2\n")
    with pytest.raises(WorldRefused, match=r"--trainer-data .* cannot be read: "):
        preflight.data(real)


def test_a_checkpoint_in_a_folder_is_taken() -> None:
    assert preflight.checkpoint(Real(checkpoint=str(CHECKPOINT))) == str(CHECKPOINT)


def test_a_checkpoint_that_nobody_knows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(WorldRefused, match="--trainer-checkpoint nobody/knows is no folder here, is not in the cache"):
        preflight.checkpoint(Real(checkpoint="nobody/knows"))
