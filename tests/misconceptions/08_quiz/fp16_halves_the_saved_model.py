"""Answers to the quiz.

misconception: fp16=True turns the weights into half precision
caught_by: test_knows_what_fp16_does
diagnosis: what is saved
"""

ANSWERS = {
    1: "b",
    2: "d",
    3: "a",
    4: "a",
    5: "d",
    6: "b",
}
