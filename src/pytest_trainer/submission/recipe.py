"""Recipes: frozen dataclasses that name what cannot cross a process, to be made on the far side."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar


class Recipe(ABC):
    """A description of a live object: its fields are plain data or arrays, `make` builds it.

    Subclasses are frozen dataclasses. Only a subclass that the far side knows by name can be made there.
    """

    known: ClassVar[dict[str, type[Recipe]]] = {}

    def __init_subclass__(cls, **words: Any) -> None:
        super().__init_subclass__(**words)
        Recipe.known[cls.__name__] = cls

    @abstractmethod
    def make(self) -> Any:
        """The live object, a fresh one at every call; what is dear and never handed out may be kept."""
