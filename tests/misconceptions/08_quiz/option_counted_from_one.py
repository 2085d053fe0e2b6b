"""Answers to the quiz.

misconception: an option is answered by its number
caught_by: test_knows_which_argument_sets_how_often_evaluation_runs
diagnosis: by its letter, not by its place
"""

ANSWERS = {
    1: "b",
    2: 4,
    3: "c",
    4: "a",
    5: "d",
    6: "b",
}
