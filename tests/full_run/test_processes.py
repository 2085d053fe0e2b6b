"""Which process grades, by what a launcher has set; several of them are tried in test_running.py."""

import pytest

from pytest_trainer.full_run import processes


@pytest.mark.parametrize(
    ("variables", "rank", "size"),
    [
        ({}, 0, 1),
        ({"RANK": "1", "WORLD_SIZE": "2"}, 1, 2),
        ({"RANK": "0", "WORLD_SIZE": "4"}, 0, 4),
        ({"RANK": "3"}, 0, 1),
        ({"RANK": "gold", "WORLD_SIZE": "2"}, 0, 2),
        ({"RANK": "1", "WORLD_SIZE": "many"}, 0, 1),
    ],
)
def test_the_first_process_grades(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], rank: int, size: int
) -> None:
    for name in ("RANK", "WORLD_SIZE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert processes.rank() == rank
    assert processes.world_size() == size
    assert processes.grades() is (rank == 0)


def test_one_process_agrees_with_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    assert processes.agreed("runs/mine") == "runs/mine"
    processes.together()
