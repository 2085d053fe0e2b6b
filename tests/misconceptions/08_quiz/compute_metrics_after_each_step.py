"""Answers to the quiz.

misconception: compute_metrics is called for every batch of the training
caught_by: test_knows_the_role_of_compute_metrics
diagnosis: a whole evaluation
"""

ANSWERS = {
    1: "b",
    2: "d",
    3: "c",
    4: "a",
    5: "d",
    6: "b",
}

ANSWERS[4] = "c"
