"""The student's side: found, loaded, served; one codec, one `serve`, and the transports that carry a call."""

from pytest_trainer.submission.client import Submission
from pytest_trainer.submission.codec import Array, CodecError, Opaque
from pytest_trainer.submission.recipe import Recipe
from pytest_trainer.submission.source import Source, file_name, find, shown_path
from pytest_trainer.submission.student import Student, Unusable

__all__ = [
    "Array",
    "CodecError",
    "Opaque",
    "Recipe",
    "Source",
    "Student",
    "Submission",
    "Unusable",
    "file_name",
    "find",
    "shown_path",
]
