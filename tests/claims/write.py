"""Writes docs/claims.md: what the lessons tell of the library, each sentence beside the test that proves it.

    python tests/claims/write.py

The sentences stand beside this file, at the tests.
"""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

sys.path.append(str(Path(__file__).parent.parent))  # pytest does this for the tests

from claims.claim import EVERY_VERSION, Claim

ROOT = Path(__file__).parent.parent.parent
PAGE = "https://huggingface.co/learn/llm-course/chapter3/3"
HEAD = f"""\
# What the lessons tell, and the experiments that prove it

Every sentence here is told in a lesson, or on [the course's page]({PAGE}).
Beside it is a test that tries it out with the installed library, offline; `pytest tests/claims` runs them all. Where
versions are named, the sentence holds for these, and with any other the same test has to fail. *Every* version is every
one from transformers 4.57 on, the oldest that is supported.

This file is made by `python tests/claims/write.py`; change the sentences in [tests/claims](../tests/claims).
"""


def main() -> None:
    """Write the file."""
    (ROOT / "docs/claims.md").write_text(text(), encoding="utf-8")


def text() -> str:
    """The whole file."""
    modules = claim_modules()
    return "\n".join((HEAD, *_differences(modules), *(line for module in modules for line in _section(module))))


def claim_modules() -> list[ModuleType]:
    """The modules of tests/claims that hold claims, in the order of their names."""
    names = [path.stem for path in sorted((ROOT / "tests/claims").glob("test_*.py"))]
    modules = [importlib.import_module(f"claims.{name}") for name in names]
    return [module for module in modules if claims_of(module)]


def claims_of(module: ModuleType) -> list[Claim]:
    """The claims of a module, in its order."""
    return [claim for member in vars(module).values() for claim in getattr(member, "claims", ())]


def _differences(modules: list[ModuleType]) -> Iterator[str]:
    yield "## Where today's library or data differ from the course's page\n"
    yield "| the page | today | versions | proof |\n| --- | --- | --- | --- |"
    for module in modules:
        for claim in claims_of(module):
            if claim.differs:
                yield _row(claim.differs, claim.sentence, _versions(claim), _proof(module, claim))
    yield ""


def _section(module: ModuleType) -> Iterator[str]:
    yield f"## {(module.__doc__ or '').strip().splitlines()[0].rstrip('.')}\n"
    yield "| what is true | told in | versions | proof |\n| --- | --- | --- | --- |"
    for claim in claims_of(module):
        yield _row(claim.sentence, ", ".join(claim.sources), _versions(claim), _proof(module, claim))
    yield ""


def _versions(claim: Claim) -> str:
    return "every" if claim.holds == EVERY_VERSION else f"`{claim.holds}`"


def _proof(module: ModuleType, claim: Claim) -> str:
    file = f"{module.__name__.rpartition('.')[2]}.py"
    return f"[{claim.test.removeprefix('test_').replace('_', ' ')}](../tests/claims/{file})"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    main()
