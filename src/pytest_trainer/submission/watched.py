"""Which files appeared where a student's code had no business to write."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

MOST_FILES = 20_000
IGNORED = frozenset(
    {"__pycache__", ".git", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".venv", "venv"}
)
LIBRARY_CACHES = frozenset({"metrics", "modules", "datasets", "evaluate", "xet"})


class Watched:
    """The student's own folder and HF_HOME as they were at the start."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        home = os.environ.get("HF_HOME")
        self._home = Path(home) if home else None
        self._before = set(self._files())

    def new(self) -> list[Path]:
        """Files that are there now and were not then, in order."""
        return sorted(set(self._files()) - self._before)

    def _files(self) -> Iterator[Path]:
        yield from _walk(self._folder)
        if self._home is not None:
            for path in _walk(self._home):
                top = path.relative_to(self._home).parts[0]
                if top not in LIBRARY_CACHES or path.suffix in (".safetensors", ".bin", ".pt", ".pth"):
                    yield path


def _walk(folder: Path) -> Iterator[Path]:
    seen = 0
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in IGNORED]
        for name in files:
            seen += 1
            if seen > MOST_FILES:
                return
            yield Path(parent, name)
