"""Plain data about checks and grades, and how a check says what it saw; nothing here needs torch."""

from pytest_trainer.grading.check import CHECK_MARK, Check, CheckWordError, check, parse_check
from pytest_trainer.grading.gradebook import Exercise, Gradebook, Row, build_gradebook
from pytest_trainer.grading.outcome import Outcome, Verdict
from pytest_trainer.grading.summary import Style, summary_lines

__all__ = [
    "CHECK_MARK",
    "Check",
    "CheckWordError",
    "Exercise",
    "Gradebook",
    "Outcome",
    "Row",
    "Style",
    "Verdict",
    "build_gradebook",
    "check",
    "parse_check",
    "summary_lines",
]
