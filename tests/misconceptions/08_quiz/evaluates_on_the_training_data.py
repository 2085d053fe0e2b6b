"""Answers to the quiz.

misconception: without eval_dataset the Trainer evaluates on train_dataset
caught_by: test_knows_what_happens_without_eval_dataset
diagnosis: with nothing to evaluate on
"""

ANSWERS = {
    1: "b",
    2: "d",
    3: "c",
    4: "a",
    5: "a",
    6: "b",
}
