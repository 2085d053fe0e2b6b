"""Answers to the quiz.

misconception: the first question is number 0
caught_by: test_knows_what_processing_class_is_for
diagnosis: Python counts from 0
"""

ANSWERS = dict(enumerate("bdcadb"))
