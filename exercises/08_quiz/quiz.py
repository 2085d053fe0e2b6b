"""Exercise 08: six questions about what you have built; README.md has them, with four options each.

Put one letter, "a" to "d", in the place of each None.
"""

ANSWERS = {
    1: None,
    2: None,
    3: None,
    4: None,
    5: None,
    6: None,
}
