"""Answers to the quiz.

misconception: in a multiple choice it is mostly c
caught_by: test_knows_what_processing_class_is_for
diagnosis: Which model is trained
"""

ANSWERS = dict.fromkeys(range(1, 7), "c")
