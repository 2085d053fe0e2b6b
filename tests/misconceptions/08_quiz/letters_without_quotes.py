"""Answers to the quiz.

misconception: a letter is a letter, it needs no quotes
caught_by: test_knows_what_processing_class_is_for
diagnosis: name of a variable
"""

ANSWERS = {
    1: b,
    2: d,
    3: c,
    4: a,
    5: d,
    6: b,
}
