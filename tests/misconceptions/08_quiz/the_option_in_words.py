"""Answers to the quiz.

misconception: an option is answered by writing it out
caught_by: test_knows_which_argument_sets_how_often_evaluation_runs
diagnosis: words of an option
"""

ANSWERS = {
    1: "b",
    2: "eval_strategy",
    3: "c",
    4: "a",
    5: "d",
    6: "b",
}
