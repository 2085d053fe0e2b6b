"""Answers to the quiz.

misconception: do_eval=True makes the Trainer evaluate while it trains
caught_by: test_knows_which_argument_sets_how_often_evaluation_runs
diagnosis: says nothing about when
"""

ANSWERS = {
    1: "b",
    2: "a",
    3: "c",
    4: "a",
    5: "d",
    6: "b",
}
