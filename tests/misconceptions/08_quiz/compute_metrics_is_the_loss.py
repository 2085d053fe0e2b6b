"""Answers to the quiz.

misconception: compute_metrics gives the number that training makes small
caught_by: test_knows_the_role_of_compute_metrics
diagnosis: The training never calls it
"""

ANSWERS = {
    1: "b",
    2: "d",
    3: "c",
    4: "b",
    5: "d",
    6: "b",
}
