"""Learn to fine-tune with the Hugging Face Trainer by filling in stubs that pytest grades.

What a check's author needs: `check` marks a test as graded, `given` makes it a property, `expect` judges an answer.
A probe's author needs `Unusable` from `pytest_trainer.submission`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_trainer.grading import expect
    from pytest_trainer.grading.check import check
    from pytest_trainer.grading.given import given

__all__ = ["check", "expect", "given"]

# Looked up when they are first used: pytest loads this package in projects that have no checks, too.
_HOMES = {"check": "grading.check", "given": "grading.given"}


def __getattr__(name: str) -> Any:
    """Import one of `__all__` on first use."""
    if name == "expect":
        return importlib.import_module("pytest_trainer.grading.expect")
    if name in _HOMES:
        return getattr(importlib.import_module(f"pytest_trainer.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
