"""Answers to the quiz.

misconception: a Trainer that has the tokenizer tokenizes the sentences itself
caught_by: test_knows_what_processing_class_is_for
diagnosis: wants rows that are tokenized already
"""

ANSWERS = {
    1: "a",
    2: "d",
    3: "c",
    4: "a",
    5: "d",
    6: "b",
}
