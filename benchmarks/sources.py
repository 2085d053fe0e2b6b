"""What the grades of an exercise depend on, as files and as a digest that changes with them."""

import ast
import functools
import hashlib
import importlib.metadata
from collections.abc import Iterable, Iterator
from pathlib import Path

LIBRARIES = ("accelerate", "datasets", "evaluate", "hypothesis", "numpy", "pytest", "torch", "transformers")


@functools.cache
def sources(root: Path, exercise: str, stub: str) -> list[Path]:
    """Its checks and probes (not the stub), the oracles that these import, and the plugin without its classroom."""
    package, folder = root / "src" / "pytest_trainer", root / "exercises" / exercise
    own = [path for path in folder.glob("*.py") if path.name != stub]
    plugin = [path for path in package.rglob("*") if path.is_file() and path.parent.name != "__pycache__"]
    core = [path for path in plugin if path.relative_to(package).parts[0] not in ("reference", "classroom")]
    oracles: set[Path] = set()
    waiting = list(own)
    while waiting:
        new = set(_imported(waiting.pop(), root / "src")) - oracles
        oracles |= new
        waiting += new
    return sorted({*own, *core, *oracles})


def _imported(file: Path, src: Path) -> Iterator[Path]:
    """The modules below `src` that a file imports anywhere in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            path = src.joinpath(*name.split(".")).with_suffix(".py")
            if path.is_file():
                yield path


def digest(root: Path, files: Iterable[Path]) -> str:
    """A few letters that change with the name or the content of any of these files, and with a library's version."""
    state = hashlib.sha256(_versions().encode())
    for file in files:
        content = file.read_bytes()
        state.update(f"{file.relative_to(root)} {len(content)}\n".encode() + content)
    return state.hexdigest()[:16]


@functools.cache
def _versions() -> str:
    return "".join(f"{name} {importlib.metadata.version(name)}\n" for name in LIBRARIES)
