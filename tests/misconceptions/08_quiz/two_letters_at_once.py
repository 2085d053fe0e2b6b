"""Answers to the quiz.

misconception: more than one option may be right
caught_by: test_knows_what_gradient_accumulation_is
diagnosis: more than one letter
"""

ANSWERS = {
    1: "b",
    2: "d",
    3: "c",
    4: "a",
    5: "d",
    6: "b, c",
}
