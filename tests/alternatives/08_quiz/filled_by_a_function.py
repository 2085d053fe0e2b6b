from collections import OrderedDict
from typing import Final

ANSWERS: Final[dict[int, str | None]] = OrderedDict({1: None, 2: None, 3: None, 4: None, 5: None, 6: None})


def answer(**letters):
    for name, letter in letters.items():
        ANSWERS[int(name.removeprefix("q"))] = letter


answer(q1="b", q2="d", q3="c", q4="a", q5="d", q6="b")
