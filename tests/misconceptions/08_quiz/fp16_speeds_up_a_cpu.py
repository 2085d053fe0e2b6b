"""Answers to the quiz.

misconception: fp16=True makes any training faster
caught_by: test_knows_what_fp16_does
diagnosis: On a CPU the library
"""

ANSWERS = {
    1: "b",
    2: "d",
    3: "d",
    4: "a",
    5: "d",
    6: "b",
}
