"""Answers to the quiz.

misconception: there is a fifth option, none of these
caught_by: test_knows_what_fp16_does
diagnosis: No option has this letter
"""

ANSWERS = {
    1: "b",
    2: "d",
    3: "e",
    4: "a",
    5: "d",
    6: "b",
}
