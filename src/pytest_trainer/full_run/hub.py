"""The Hub during a full run: nothing is pushed to it by accident, and MRPC is found by the course's name for it."""

from __future__ import annotations

import contextlib
import functools
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pytest_trainer.submission.student import Unusable

WRITES = re.compile(r"/api/repos/(create|delete|move)|/(preupload|commit|branch|tag|settings)/")
REFUSED = (
    "Your code wanted to push to the Hub, and a graded run pushes nothing: leave out push_to_hub, or allow it with "
    "--trainer-push."
)


class ReadOnly:
    """A client of the Hub's that asks and loads, and raises `Unusable` where it is to create or change something."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def post(self, url: Any, *args: Any, **words: Any) -> Any:
        """As the client's, unless it would write."""
        return self._checked(url).post(url, *args, **words)

    def delete(self, url: Any, *args: Any, **words: Any) -> Any:
        """As the client's, unless it would write."""
        return self._checked(url).delete(url, *args, **words)

    def request(self, method: Any, url: Any, *args: Any, **words: Any) -> Any:
        """As the client's, unless it would write."""
        return self._checked(url if str(method).upper() not in ("GET", "HEAD") else "").request(
            method, url, *args, **words
        )

    def _checked(self, url: object) -> Any:
        if WRITES.search(str(url)):
            raise Unusable(REFUSED)
        return self._client


@contextlib.contextmanager
def nothing_is_pushed() -> Iterator[None]:
    """Within, whatever would create or change something on the Hub raises `Unusable` with a sentence."""
    from huggingface_hub import get_session

    session: Callable[[], Any] = get_session
    with contextlib.ExitStack() as stack:
        for name, module in list(sys.modules.items()):
            if name.startswith("huggingface_hub") and getattr(module, "get_session", None) is session:
                stack.enter_context(replaced(module, "get_session", lambda: ReadOnly(session())))
        yield


@contextlib.contextmanager
def glue_by_its_old_name() -> Iterator[None]:
    """Within, `load_dataset("glue", ...)` loads "nyu-mll/glue": today's libraries find no data set without an owner."""
    import datasets.load

    factory: Callable[..., Any] = datasets.load.dataset_module_factory

    @functools.wraps(factory)
    def with_owner(path: Any, *args: Any, **words: Any) -> Any:
        bare = path == "glue" and not Path(path).exists()
        return factory("nyu-mll/glue" if bare else path, *args, **words)

    with replaced(datasets.load, "dataset_module_factory", with_owner):
        yield


@contextlib.contextmanager
def replaced(place: Any, name: str, value: Any) -> Iterator[None]:
    """Within, `place.name` is another value."""
    before = getattr(place, name)
    setattr(place, name, value)
    try:
        yield
    finally:
        setattr(place, name, before)
