"""Mutants of a source file: copies with one small change each, as a slip of the hand or of the mind would make it.

What is left alone: imports, docstrings, annotations, names that are bound, and `if __name__ == "__main__"` blocks.
Of the copies those are dropped that do not compile, and those that compile to the bytecode of the original or of an
earlier copy: they are the same program (trivial compiler equivalence, Papadakis et al., ICSE 2015).
"""

import difflib
import functools
import itertools
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import CodeType

import libcst as cst

CONFUSED = (
    ("accuracy_score", "f1_score"),
    ("all", "any"),
    ("argmax", "argmin", "max"),
    ("ceil", "floor"),
    ("cos", "sin"),
    ("evaluate", "predict", "train"),
    ("eval", "train"),
    ("float", "int"),
    ("keys", "values", "items"),
    ("label_ids", "predictions"),
    ("logits", "loss", "labels"),
    ("max", "min"),
    ("mean", "sum"),
    ("ones", "zeros"),
    ("pi", "tau", "e"),
)
CONFUSED_TEXTS = (
    ("a", "b", "c", "d"),
    ("accuracy", "f1"),
    ("attention_mask", "input_ids", "labels", "token_type_ids"),
    ("cosine", "linear", "constant", "cosine_with_restarts", "polynomial"),
    ("epoch", "steps", "no"),
    ("label", "labels"),
    ("longest", "max_length"),
    ("mean", "sum", "none"),
    ("right", "left"),
    ("sentence1", "sentence2"),
    ("train", "validation", "test"),
)
ARITHMETIC = {
    cst.Add: cst.Subtract,
    cst.Subtract: cst.Add,
    cst.Multiply: cst.Divide,
    cst.Divide: cst.Multiply,
    cst.FloorDivide: cst.Divide,
    cst.Modulo: cst.FloorDivide,
    cst.Power: cst.Multiply,
    cst.MatrixMultiply: cst.Multiply,
}
AUGMENTED = {
    cst.AddAssign: cst.SubtractAssign,
    cst.SubtractAssign: cst.AddAssign,
    cst.MultiplyAssign: cst.DivideAssign,
    cst.DivideAssign: cst.MultiplyAssign,
}
COMPARISON = {
    cst.LessThan: (cst.LessThanEqual, cst.GreaterThan),
    cst.LessThanEqual: (cst.LessThan, cst.GreaterThanEqual),
    cst.GreaterThan: (cst.GreaterThanEqual, cst.LessThan),
    cst.GreaterThanEqual: (cst.GreaterThan, cst.LessThanEqual),
    cst.Equal: (cst.NotEqual,),
    cst.NotEqual: (cst.Equal,),
    cst.Is: (cst.IsNot,),
    cst.IsNot: (cst.Is,),
    cst.In: (cst.NotIn,),
    cst.NotIn: (cst.In,),
}
COMMUTATIVE = (cst.Add, cst.Multiply)
NOT_MUTATED = {
    cst.AnnAssign: ("annotation", "target"),
    cst.Arg: ("keyword",),
    cst.Attribute: ("attr",),
    cst.AugAssign: ("target",),
    cst.ClassDef: ("name",),
    cst.CompFor: ("target",),
    cst.For: ("target",),
    cst.FunctionDef: ("name", "returns"),
    cst.NamedExpr: ("target",),
    cst.Param: ("name", "annotation"),
}
DELETABLE = (cst.AnnAssign, cst.Assert, cst.Assign, cst.AugAssign, cst.Del, cst.Expr, cst.Raise, cst.Return)
COMPOUND = (cst.For, cst.If, cst.Try, cst.While, cst.With)
PASS = cst.SimpleStatementLine([cst.Pass()])


@dataclass(frozen=True, slots=True)
class Mutant:
    """A source with one change: in which function, of which kind, and the changed lines before and after it."""

    function: str
    operator: str
    before: str
    after: str
    source: str


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a node stands: the dotted name of its function, that function's parameters, and all names of the file."""

    function: str
    parameters: tuple[str, ...]
    bound: frozenset[str]


Change = tuple[str, cst.CSTNode, cst.CSTNode]  # the operator, the node, and what is put in its place


def mutants_of(source: str) -> list[Mutant]:
    """Every mutant of a Python source, each a different program, in the order of the source."""
    module = cst.parse_module(source)
    seen = {program(source)}
    mutants = []
    for scope, (operator, old, new) in changes_below(module, Scope("", (), bound_names(module))):
        mutated = module.deep_replace(old, new).code
        compiled = program(mutated)
        if compiled is not None and compiled not in seen:
            seen.add(compiled)
            mutants.append(Mutant(scope.function, operator, *changed_lines(source, mutated), mutated))
    return mutants


def program(source: str) -> object:
    """What a source compiles to, without its line numbers, as a value that can be compared; None if it does not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            return _comparable(compile(source, "mutant", "exec"))
        except (SyntaxError, ValueError):
            return None


def _comparable(value: object) -> object:
    if isinstance(value, CodeType):
        names = (value.co_names, value.co_varnames, value.co_freevars, value.co_cellvars)
        return (value.co_code, names, tuple(map(_comparable, value.co_consts)), value.co_exceptiontable)
    return (type(value), repr(value))  # 1, 1.0 and True are equal, and not the same


def changed_lines(source: str, mutated: str) -> tuple[str, str]:
    """The lines that differ, before and after, without indentation; where lines were only added, the one above too."""
    one, other = ([line.strip() for line in text.splitlines()] for text in (source, mutated))
    codes = [c for c in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes() if c[0] != "equal"]
    start, end, new_start, new_end = codes[0][1], codes[-1][2], codes[0][3], codes[-1][4]
    if start == end:
        start, new_start = start - 1, new_start - 1
    return "\n".join(one[start:end]), "\n".join(other[new_start:new_end])


def bound_names(module: cst.Module) -> frozenset[str]:
    """The names that the imports and builtins bind: what can stand in for another function's name."""

    class Imported(cst.CSTVisitor):
        def __init__(self):
            self.names = {"all", "any", "float", "int", "max", "min", "sum"}

        def visit_ImportAlias(self, node: cst.ImportAlias) -> None:  # noqa: N802 - libcst's name
            self.names.add(node.evaluated_alias or node.evaluated_name.partition(".")[0])

    imported = Imported()
    module.visit(imported)
    return frozenset(imported.names)


def changes_below(node: cst.CSTNode, scope: Scope) -> Iterator[tuple[Scope, Change]]:
    """The changes of all nodes from this one down, but for those in what is left alone."""
    for change in changes(node, scope):
        yield scope, change
    inner = scope_of(node, scope) if isinstance(node, cst.FunctionDef) else scope
    kept = [getattr(node, name) for name in NOT_MUTATED.get(type(node), ())]
    for child in node.children:
        if not any(child is one for one in kept) and not is_left_alone(child, node):
            yield from changes_below(child, inner)


def scope_of(function: cst.FunctionDef, outer: Scope) -> Scope:
    """The scope of a function's body."""
    name = f"{outer.function}.{function.name.value}".lstrip(".")
    parameters = function.params
    named = [*parameters.posonly_params, *parameters.params, *parameters.kwonly_params]
    return Scope(name, tuple(parameter.name.value for parameter in named), outer.bound)


def is_left_alone(node: cst.CSTNode, parent: cst.CSTNode) -> bool:
    """Whether it is an import, a docstring, a block for `python file.py`, or a target that is one name."""
    if isinstance(node, cst.SimpleStatementLine) and len(node.body) == 1:
        [only] = node.body
        is_text = isinstance(only, cst.Expr) and isinstance(only.value, (cst.SimpleString, cst.ConcatenatedString))
        return is_text or isinstance(only, (cst.Import, cst.ImportFrom))
    if isinstance(node, cst.If) and isinstance(node.test, cst.Comparison):
        return isinstance(node.test.left, cst.Name) and node.test.left.value == "__name__"
    return isinstance(parent, cst.AssignTarget) and isinstance(node, cst.Name)


# -- the operators ----------------------------------------------------------------------------------------------------


def changes(node: cst.CSTNode, scope: Scope) -> Iterator[Change]:
    """The changes of this one node."""
    yield from _of_kind(node, scope)
    if isinstance(node, (cst.If, cst.While, cst.IfExp, cst.CompIf)):
        yield from _condition(node.test)
    if isinstance(node, COMPOUND):
        yield "statement deleted", node, PASS
    if isinstance(node, (cst.For, cst.While)) and isinstance(node.body, cst.IndentedBlock):
        once = [*node.body.body, cst.SimpleStatementLine([cst.Break()])]
        yield "loop ends after its first turn", node.body, node.body.with_changes(body=once)


@functools.singledispatch
def _of_kind(_node: cst.CSTNode, _scope: Scope) -> Iterable[Change]:
    return ()


@_of_kind.register
def _integer(node: cst.Integer, _scope: Scope) -> Iterator[Change]:
    for value in (node.evaluated_value + 1, node.evaluated_value - 1, -node.evaluated_value):
        yield "number changed", node, cst.parse_expression(str(value))


@_of_kind.register
def _float(node: cst.Float, _scope: Scope) -> Iterator[Change]:
    value = node.evaluated_value
    for other in (10 * value, 1.01 * value, -value) if value else (1.0, 1e-3):
        yield "number changed", node, cst.parse_expression(f"{other:.6g}")


@_of_kind.register
def _string(node: cst.SimpleString, _scope: Scope) -> Iterator[Change]:
    value = node.evaluated_value
    if isinstance(value, str):
        for other in (*confused_with(value, CONFUSED_TEXTS), f"{value}x", ""):
            yield "string changed", node, cst.SimpleString(f'"{other}"')


def confused_with(word: str, groups: Sequence[Sequence[str]]) -> Iterator[str]:
    """The others of all groups that this word is in."""
    return (other for group in groups if word in group for other in group if other != word)


@_of_kind.register
def _name(node: cst.Name, scope: Scope) -> Iterator[Change]:
    for other in {"True": ("False", "None"), "False": ("True", "None"), "None": ("True", "0")}.get(node.value, ()):
        yield "constant changed", node, cst.parse_expression(other)
    for other in confused_with(node.value, CONFUSED):
        if other in scope.bound and node.value in scope.bound:
            yield "function confused", node, cst.Name(other)
    if node.value in scope.parameters:
        for other in scope.parameters:
            yield "parameter confused", node, node.with_changes(value=other)


@_of_kind.register
def _attribute(node: cst.Attribute, _scope: Scope) -> Iterator[Change]:
    for other in confused_with(node.attr.value, CONFUSED):
        yield "attribute confused", node, node.with_changes(attr=cst.Name(other))


@_of_kind.register
def _binary(node: cst.BinaryOperation, _scope: Scope) -> Iterator[Change]:
    if type(node.operator) in ARITHMETIC:
        operator = ARITHMETIC[type(node.operator)]()
        yield "operator changed", node, node.with_changes(operator=operator)
    if not isinstance(node.operator, COMMUTATIVE):
        yield "operands swapped", node, node.with_changes(left=node.right, right=node.left)
    yield "operand dropped", node, node.left
    yield "operand dropped", node, node.right


@_of_kind.register
def _boolean(node: cst.BooleanOperation, _scope: Scope) -> Iterator[Change]:
    other = cst.Or() if isinstance(node.operator, cst.And) else cst.And()
    yield "operator changed", node, node.with_changes(operator=other)
    yield "operand dropped", node, node.left
    yield "operand dropped", node, node.right


@_of_kind.register
def _unary(node: cst.UnaryOperation, _scope: Scope) -> Iterator[Change]:
    yield "operator dropped", node, node.expression


@_of_kind.register
def _comparison(node: cst.Comparison, _scope: Scope) -> Iterator[Change]:
    for target in node.comparisons:
        for other in COMPARISON[type(target.operator)]:
            yield "comparison changed", target, target.with_changes(operator=other())


def _condition(test: cst.BaseExpression) -> Iterator[Change]:
    bare = test if test.lpar else test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    yield "condition negated", test, cst.UnaryOperation(cst.Not(), bare)
    yield "condition replaced", test, cst.Name("True")
    yield "condition replaced", test, cst.Name("False")


@_of_kind.register
def _augmented(node: cst.AugAssign, _scope: Scope) -> Iterator[Change]:
    if type(node.operator) in AUGMENTED:
        yield "operator changed", node, node.with_changes(operator=AUGMENTED[type(node.operator)]())
    yield "operator dropped", node, cst.Assign([cst.AssignTarget(node.target)], node.value)


@_of_kind.register
def _call(node: cst.Call, _scope: Scope) -> Iterator[Change]:
    for i, argument in enumerate(node.args):
        yield "argument dropped", node, node.with_changes(args=without(node.args, i))
        if isinstance(node.func, cst.Name) and node.func.value == "range":
            yield from _moved(argument.value)
    for args in neighbours_swapped(node.args):
        yield "arguments swapped", node, node.with_changes(args=args)
    if isinstance(node.func, cst.Attribute):
        yield "call dropped", node, node.func.value
    if node.args:
        yield "call replaced by its first argument", node, node.args[0].value


def _moved(bound: cst.BaseExpression) -> Iterator[Change]:
    for operator in (cst.Add(), cst.Subtract()):
        yield "bound moved", bound, cst.BinaryOperation(bound, operator, cst.Integer("1"))


def without(elements: Sequence[cst.CSTNode], i: int) -> list[cst.CSTNode]:
    """The elements but one; the new last one ends as the old one did."""
    kept = [element for k, element in enumerate(elements) if k != i]
    if kept and i == len(elements) - 1:
        kept[-1] = kept[-1].with_changes(comma=elements[-1].comma)
    return kept


def neighbours_swapped(elements: Sequence[cst.CSTNode]) -> Iterator[list[cst.CSTNode]]:
    """The elements with the values of two neighbours exchanged; commas, keywords and keys stay where they are."""
    for i, (one, other) in enumerate(itertools.pairwise(elements)):
        pair = [one.with_changes(value=other.value), other.with_changes(value=one.value)]
        yield [*elements[:i], *pair, *elements[i + 2 :]]


def _elements(dropped: str, swapped: str) -> Callable[[cst.Dict | cst.List | cst.Tuple, Scope], Iterator[Change]]:
    def of_node(node: cst.Dict | cst.List | cst.Tuple, _scope: Scope) -> Iterator[Change]:
        for i in range(len(node.elements)):
            yield dropped, node, node.with_changes(elements=without(node.elements, i))
        for elements in neighbours_swapped(node.elements):
            yield swapped, node, node.with_changes(elements=elements)

    return of_node


_of_kind.register(cst.Dict, _elements("entry dropped", "values swapped"))
_of_kind.register(cst.List, _elements("element dropped", "elements swapped"))
_of_kind.register(cst.Tuple, _elements("element dropped", "elements swapped"))


@_of_kind.register
def _subscript(node: cst.Subscript, _scope: Scope) -> Iterator[Change]:
    yield "subscript dropped", node, node.value


@_of_kind.register
def _slice(node: cst.Slice, _scope: Scope) -> Iterator[Change]:
    for name in ("lower", "upper"):
        bound = getattr(node, name)
        if bound is not None:
            yield from _moved(bound)
            yield "bound dropped", node, node.with_changes(**{name: None})


@_of_kind.register
def _return(node: cst.Return, scope: Scope) -> Iterator[Change]:
    if node.value is None:
        return
    yield "return value replaced", node, node.with_changes(value=cst.Name("None"))
    bare = node.value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    yield "return value replaced", node, node.with_changes(value=cst.UnaryOperation(cst.Minus(), bare))
    for parameter in scope.parameters[:1]:
        yield "return value replaced", node, node.with_changes(value=cst.Name(parameter))


@_of_kind.register
def _statement(node: cst.SimpleStatementLine, _scope: Scope) -> Iterator[Change]:
    if len(node.body) == 1 and isinstance(node.body[0], DELETABLE):
        yield "statement deleted", node, PASS.with_changes(leading_lines=node.leading_lines)
