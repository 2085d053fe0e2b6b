"""Answers to the quiz.

misconception: the argument is called as in the tutorials
caught_by: test_knows_which_argument_sets_how_often_evaluation_runs
diagnosis: Today's library answers it with a TypeError
"""

# Q1 padding, Q2 the strategy, Q3 GPU, Q4 metrics, Q5 no eval, Q6 accumulation
ANSWERS = {1: "B", 2: "B", 3: "C", 4: "A", 5: "D", 6: "B"}
