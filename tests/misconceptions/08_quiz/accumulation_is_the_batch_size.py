"""Answers to the quiz.

misconception: a large batch size is cut into what fits into memory by itself
caught_by: test_knows_what_gradient_accumulation_is
diagnosis: all of them go through the model at once
"""

ANSWERS = dict(enumerate("bdcadc", start=1))
