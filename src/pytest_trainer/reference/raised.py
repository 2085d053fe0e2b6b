"""What the texts of exceptions give away: of names that are gone, and of what the libraries were handed.

A library's exception names what it stumbled over, seldom what the student did. tests/reference/test_raised.py makes
each of them with the installed versions.
"""

from __future__ import annotations

import re

from pytest_trainer.reference import renamed

RAGGED = (
    "Rows of different lengths make no tensor and no array. Padding brings them to one length first: that of the "
    "longest row, and for each row as much as it lacks."
)
TABLES_FOR_CLASSES = (
    "The metric was handed logits, a table of any numbers, where it wants a class for each pair. First each row "
    "becomes a class: the column of its larger logit."
)
NUMBERS_FOR_CLASSES = (
    "The metric was handed any numbers where it wants a class for each pair, 0 or 1. A logit, or a probability, is not "
    "yet a decision."
)
OTHER_NUMBER_OF_CLASSES = (
    "There are not as many predictions as labels: it is a row of the logits that holds the two of one pair, and each "
    "row becomes one class."
)
ONE_OF_TWO_CUT = (
    "Only one of the two sentences may be cut, and it is too short for all that has to go. Each token should come off "
    "the sentence that has more left, which is what a tokenizer does when it is told to truncate and nothing else."
)
ROWS_NOT_KEPT = (
    "With batched=True, Dataset.map hands over so many rows and wants as many back: what comes back are new columns "
    "beside the old ones. One row for each pair, then."
)
NO_COLUMNS = (
    "Dataset.map makes a column of a list (or an array, or a tensor) and of nothing else; tuples and generators are "
    "refused. The tokenizer's own lists are what it wants."
)
NO_MAPPING = "Dataset.map wants a mapping from the names of columns to their values, such as a tokenizer returns."
NO_ROW_LEFT = (
    "No position of the table that the model looks up has this number: a sequence longer than the model can read, or "
    "an id that is not in its vocabulary, such as -100."
)
FLOAT_TARGETS = "Classes are counted in whole numbers: the loss takes a label for the number of a column."
SECOND_BACKWARD = (
    "A graph can be gone through backward once; after that it is freed. One backward pass for each forward pass, and "
    "nothing of an earlier micro-batch in the loss of a later one."
)
NOT_ONE_NUMBER = (
    "backward() starts from one number. The losses of the rows have to become one, by their mean or by their sum, and "
    "it matters which."
)

KNOWN: tuple[tuple[str, str], ...] = (
    (r"expected sequence of length \d+ at dim \d+", RAGGED),
    (r"stack expects each tensor to be equal size", RAGGED),
    (r"inhomogeneous shape", RAGGED),
    (r"Unable to create tensor, you should probably activate truncation and/or padding", RAGGED),
    (r"can't handle a mix of .*(multioutput|multilabel)", TABLES_FOR_CLASSES),
    (r"can't handle a mix of .*continuous", NUMBERS_FOR_CLASSES),
    (r"Found input variables with inconsistent numbers of samples: \[\d+, 2\]", OTHER_NUMBER_OF_CLASSES),
    (r"operands could not be broadcast together with shapes \(2,\) \(\d+,\)", OTHER_NUMBER_OF_CLASSES),
    (r"Truncation error: Sequence to truncate too short", ONE_OF_TWO_CUT),
    (r"ArrowInvalid: Column \d+ named \w+ expected length \d+ but got length \d+", ROWS_NOT_KEPT),
    (r"returns a `dict` of types .*When using `batched=True`", NO_COLUMNS),
    (r"Provided `function` which is applied to all elements of table returns a variable of type", NO_MAPPING),
    (r"index out of range in self", NO_ROW_LEFT),
    (r"expected target dtype to be Long|expected scalar type Long but found Float", FLOAT_TARGETS),
    (r"Trying to backward through the graph a second time", SECOND_BACKWARD),
    (r"grad can be implicitly created only for scalar outputs", NOT_ONE_NUMBER),
)
"""(what an exception's first line has in it, what to say)."""


def explanation(message: str) -> str:
    """What to say to a student whose code raised this; an empty string where the text gives nothing away."""
    head = message.partition("\n")[0]
    known = (sentence for pattern, sentence in KNOWN if re.search(pattern, head))
    return renamed.explanation(message) or next(known, "")
