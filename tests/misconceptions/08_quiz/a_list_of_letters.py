"""Answers to the quiz.

misconception: one may keep all options that could be right
caught_by: test_knows_what_happens_without_eval_dataset
diagnosis: more than one letter
"""

ANSWERS = {
    1: "b",
    2: "d",
    3: "c",
    4: "a",
    5: ["c", "d"],
    6: "b",
}
