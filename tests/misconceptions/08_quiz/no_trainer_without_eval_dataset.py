"""Answers to the quiz.

misconception: eval_dataset is an argument that has to be given
caught_by: test_knows_what_happens_without_eval_dataset
diagnosis: half right
"""

letters = ["b", "d", "c", "a", "c", "b"]
ANSWERS = {}
for number, letter in enumerate(letters, start=1):
    ANSWERS[number] = letter
