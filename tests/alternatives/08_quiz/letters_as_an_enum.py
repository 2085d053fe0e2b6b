from collections import UserDict
from enum import Enum


class Option(str, Enum):
    A = "a"
    B = "b"
    C = "c"
    D = "d"


ANSWERS = UserDict({1: Option.B, 2: Option.D, 3: Option.C, 4: Option.A, 5: Option.D, 6: Option.B})
