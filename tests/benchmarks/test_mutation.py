"""What each operator makes of a small source, and what is left alone."""

import pytest

from mutation import mutants_of, program

KINDS = {
    "arithmetic": (
        "def f(a, b):\n    return a - b\n",
        {
            ("operator changed", "return a + b"),
            ("operands swapped", "return b - a"),
            ("return value replaced", "return a"),
            ("operand dropped", "return b"),
            ("parameter confused", "return b - b"),
            ("parameter confused", "return a - a"),
            ("statement deleted", "pass"),
            ("return value replaced", "return -(a - b)"),
        },
    ),
    "commutative": (
        "x = 2 * y\n",
        {
            ("operator changed", "x = 2 / y"),
            ("operand dropped", "x = 2"),
            ("operand dropped", "x = y"),
            ("number changed", "x = 3 * y"),
            ("number changed", "x = 1 * y"),
            ("number changed", "x = -2 * y"),
            ("statement deleted", "pass"),
        },
    ),
    "comparison": (
        "x = y < z\n",
        {
            ("comparison changed", "x = y <= z"),
            ("comparison changed", "x = y > z"),
            ("statement deleted", "pass"),
        },
    ),
    "condition": (
        "if y:\n    x\n",
        {
            ("condition negated", "if not (y):"),
            ("condition replaced", "if True:"),
            ("condition replaced", "if False:"),
            ("statement deleted", "pass"),
        },
    ),
    "call": (
        "f(x, y, k=None)\n",
        {
            ("argument dropped", "f(y, k=None)"),
            ("argument dropped", "f(x, k=None)"),
            ("argument dropped", "f(x, y)"),
            ("arguments swapped", "f(y, x, k=None)"),
            ("arguments swapped", "f(x, None, k=y)"),
            ("call replaced by its first argument", "x"),
            ("constant changed", "f(x, y, k=True)"),
            ("constant changed", "f(x, y, k=0)"),
            ("statement deleted", "pass"),
        },
    ),
    "method": (
        "x = y.argmax(axis=0)\n",
        {
            ("argument dropped", "x = y.argmax()"),
            ("attribute confused", "x = y.argmin(axis=0)"),
            ("attribute confused", "x = y.max(axis=0)"),
            ("call dropped", "x = y"),
            ("call replaced by its first argument", "x = 0"),
            ("number changed", "x = y.argmax(axis=1)"),
            ("number changed", "x = y.argmax(axis=-1)"),
            ("statement deleted", "pass"),
        },
    ),
    "loop": (
        "for i in range(n):\n    x += i\n",
        {
            ("argument dropped", "for i in range():"),
            ("bound moved", "for i in range(n + 1):"),
            ("bound moved", "for i in range(n - 1):"),
            ("call replaced by its first argument", "for i in n:"),
            ("loop ends after its first turn", "x += i\nbreak"),
            ("operator changed", "x -= i"),
            ("operator dropped", "x = i"),
            ("statement deleted", "pass"),
        },
    ),
    "slice": (
        "x = y[a:]\n",
        {
            ("bound moved", "x = y[a + 1:]"),
            ("bound moved", "x = y[a - 1:]"),
            ("bound dropped", "x = y[:]"),
            ("subscript dropped", "x = y"),
            ("statement deleted", "pass"),
        },
    ),
    "dict": (
        'x = {"accuracy": y, 0.5: True}\n',
        {
            ("entry dropped", "x = {0.5: True}"),
            ("entry dropped", 'x = {"accuracy": y}'),
            ("values swapped", 'x = {"accuracy": True, 0.5: y}'),
            ("string changed", 'x = {"f1": y, 0.5: True}'),
            ("string changed", 'x = {"accuracyx": y, 0.5: True}'),
            ("string changed", 'x = {"": y, 0.5: True}'),
            ("number changed", 'x = {"accuracy": y, 5: True}'),
            ("number changed", 'x = {"accuracy": y, 0.505: True}'),
            ("number changed", 'x = {"accuracy": y, -0.5: True}'),
            ("constant changed", 'x = {"accuracy": y, 0.5: False}'),
            ("constant changed", 'x = {"accuracy": y, 0.5: None}'),
            ("statement deleted", "pass"),
        },
    ),
    "unpacking": (
        "x, y = z\n",
        {
            ("element dropped", "y, = z"),
            ("element dropped", "x, = z"),
            ("elements swapped", "y, x = z"),
            ("statement deleted", "pass"),
        },
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_an_operator_makes_what_it_says(kind):
    source, wanted = KINDS[kind]
    assert {(mutant.operator, mutant.after) for mutant in mutants_of(source)} == wanted


LEFT_ALONE = '''\
"""A file."""

import os
from math import pi as circle


def f(x: "list[int] | None"):
    """A function."""


if __name__ == "__main__":
    print(f(1 + 1))
'''


def test_what_says_nothing_about_a_check_is_left_alone():
    assert mutants_of(LEFT_ALONE) == []


def test_a_name_is_confused_only_with_one_that_is_there():
    source = "from math import sin\n\nx = sin(y)\n"
    assert "x = cos(y)" not in {mutant.after for mutant in mutants_of(source)}
    assert "x = cos(y)" in {mutant.after for mutant in mutants_of(source.replace("sin\n", "cos, sin\n"))}


def test_every_mutant_is_another_program():
    source = "def f(a, b=1):\n    if a > b:\n        return a\n    return None\n"
    programs = [program(source), *(program(mutant.source) for mutant in mutants_of(source))]
    assert None not in programs
    assert all(one != other for i, one in enumerate(programs) for other in programs[:i])


def test_numbers_that_are_equal_are_not_the_same_program():
    assert len({repr(program(f"x = {number}\n")) for number in ("1", "1.0", "True")}) == 3


def test_a_mutant_says_where_it_is_and_what_has_changed():
    source = "def f(x):\n    def g(y):\n        # twice\n        return y + y\n\n    return g(\n        x\n    )\n"
    [inner] = [mutant for mutant in mutants_of(source) if mutant.operator == "operator changed"]
    assert (inner.function, inner.before, inner.after) == ("f.g", "return y + y", "return y - y")
    [dropped] = [mutant for mutant in mutants_of(source) if mutant.operator == "argument dropped"]
    assert (dropped.before, dropped.after) == ("x", "")


def test_where_lines_are_only_added_the_one_above_is_named_too():
    [once] = [m for m in mutants_of("for x in y:\n    f\n") if m.operator.startswith("loop ends")]
    assert (once.before, once.after) == ("f", "f\nbreak")
