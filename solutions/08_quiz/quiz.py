"""Exercise 08: six questions about what you have built; README.md has them, with four options each.

Put one letter, "a" to "d", in the place of each None.
"""

ANSWERS = {
    1: "b",
    2: "d",
    3: "c",
    4: "a",
    5: "d",
    6: "b",
}
