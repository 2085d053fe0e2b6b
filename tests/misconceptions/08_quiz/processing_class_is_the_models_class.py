"""Answers to the quiz.

misconception: processing_class is the class of the model
caught_by: test_knows_what_processing_class_is_for
diagnosis: Which model is trained
"""

ANSWERS = {
    1: "c",
    2: "d",
    3: "c",
    4: "a",
    5: "d",
    6: "b",
}
