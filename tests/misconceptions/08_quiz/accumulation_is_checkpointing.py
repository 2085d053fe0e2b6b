"""Answers to the quiz.

misconception: gradient checkpointing and gradient accumulation are the same thing
caught_by: test_knows_what_gradient_accumulation_is
diagnosis: a second time
"""

ANSWERS = {
    1: "b",
    2: "d",
    3: "c",
    4: "a",
    5: "d",
    6: "a",
}
