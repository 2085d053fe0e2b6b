"""Exercise 08."""

ANSWERS = {
    1: None,
    2: None,
    3: None,
    4: None,
    5: None,
    6: None,
}

ANSWERS[1] = "b"
ANSWERS[2] = "d"
ANSWERS[3] = "c"
ANSWERS[4] = "a"
ANSWERS[5] = "d"
ANSWERS[6] = "b"
