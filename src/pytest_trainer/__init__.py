"""Learn to fine-tune with the Hugging Face Trainer by filling in stubs that pytest grades.

What a check's author needs: `check` marks a test as graded, `given` makes it a property, `expect` judges an answer.
A probe's author needs `Unusable` from `pytest_trainer.submission`.
"""

from pytest_trainer.grading import expect
from pytest_trainer.grading.check import check
from pytest_trainer.grading.given import given

__all__ = ["check", "expect", "given"]
