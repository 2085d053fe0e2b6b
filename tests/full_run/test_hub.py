"""The Hub in a full run: reading goes through, writing is refused in one sentence, glue has its owner."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from full_run.loopback_hub import LoopbackHub, serving
from pytest_trainer.full_run.hub import ReadOnly, glue_by_its_old_name, nothing_is_pushed
from pytest_trainer.submission.student import Unusable


@pytest.fixture
def hub() -> Iterator[LoopbackHub]:
    """A Hub on this machine."""
    with serving() as running:
        yield running


PUSHES = {
    "create_repo": {},
    "upload_folder": {"folder_path": "model"},
    "upload_file": {"path_or_fileobj": b"x", "path_in_repo": "x"},
    "create_branch": {"branch": "new"},
    "delete_repo": {},
}


@pytest.mark.parametrize("name", PUSHES)
def test_a_push_is_refused_before_anything_is_sent(
    hub: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    from huggingface_hub import HfApi

    monkeypatch.chdir(tmp_path)
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "config.json").write_text("{}")
    push = getattr(HfApi(endpoint=hub.endpoint, token="none"), name)
    with nothing_is_pushed(), pytest.raises(Unusable, match="pushes nothing: leave out push_to_hub, or allow it with"):
        push(repo_id="me/model", **PUSHES[name])
    assert [request for request in hub.asked if request[0] != "GET"] == []


def test_a_function_that_was_imported_before_is_refused_too(hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import create_repo

    monkeypatch.setattr(create_repo.__self__, "endpoint", hub.endpoint)
    with nothing_is_pushed(), pytest.raises(Unusable, match="pushes nothing"):
        create_repo("me/model", token="none")
    assert hub.asked == []


def test_asking_goes_through_and_afterwards_everything_does(hub: LoopbackHub) -> None:
    from huggingface_hub import HfApi

    api = HfApi(endpoint=hub.endpoint, token="none")
    with nothing_is_pushed():
        assert api.whoami()["name"] == "me"
    assert hub.asked == [("GET", "/api/whoami-v2")]
    api.delete_repo("me/model")
    assert hub.asked[-1] == ("DELETE", "/api/repos/delete")


def test_posts_that_only_ask_go_through() -> None:
    class Client:
        def post(self, url: str, **_: object) -> str:
            return f"asked {url}"

    assert ReadOnly(Client()).post("https://hub/api/models/me/model/paths-info/main") == (
        "asked https://hub/api/models/me/model/paths-info/main"
    )


def test_glue_is_found_by_the_name_without_an_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    import datasets.load

    looked_for: list[object] = []

    def factory(path: object, *_: object, **__: object) -> None:
        looked_for.append(path)
        raise FileNotFoundError(path)

    monkeypatch.setattr(datasets.load, "dataset_module_factory", factory)
    with glue_by_its_old_name():
        for name in ("glue", "squad"):
            with pytest.raises(FileNotFoundError):
                datasets.load.load_dataset(name, "mrpc")
    assert looked_for == ["nyu-mll/glue", "squad"]
    assert datasets.load.dataset_module_factory is factory
