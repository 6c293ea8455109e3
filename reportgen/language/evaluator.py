"""Evaluate expressions over facts by walking Jinja's syntax tree.

A walk instead of Jinja's compiled templates, because it is the stronger sandbox (a node without a
method here has no meaning, a member that is not published can't be reached, each step is counted),
because every error knows its line, because it sees which facts an expression rests on, and because
compiling a template takes some ten times as long as walking it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from jinja2 import nodes

from reportgen.errors import nearest
from reportgen.language.comparing import SIGNS, compared, contains, is_number
from reportgen.language.exact import OPERATIONS, Rational, calculated
from reportgen.language.filters import FILTERS, Printed, as_written, expression_of
from reportgen.language.functions import FUNCTIONS, RELATIONS, applied
from reportgen.language.member_access import entry, member, part
from reportgen.language.numbers import NumberStyle
from reportgen.language.outcome import Comparison, Evaluated, Measured, TestOutcome
from reportgen.language.quantity import Quantity
from reportgen.language.vacuity import Statement
from reportgen.language.values import (
    Comparable,
    ExhaustedError,
    FactError,
    KindError,
    MissingError,
    Namespace,
    Root,
    Term,
    described,
)

MOST_STEPS: Final = 50_000
MOST_NUMBER: Final = 1e18
TEST_COST: Final = 100

_STATEMENTS: Final = (nodes.Compare, nodes.And, nodes.Or, nodes.Not, nodes.Test, nodes.CondExpr, nodes.Const)
_ARITHMETIC: Final[Mapping[type[nodes.BinExpr], tuple[str, str]]] = {
    nodes.Add: ("add", "+"),
    nodes.Sub: ("subtract", "-"),
    nodes.Mul: ("multiply", "*"),
    nodes.Div: ("divide", "/"),
}


class Evaluator:
    """Evaluates the expressions of one answer or requirement.

    Parameters
    ----------
    facts : Root
        The names that an expression may begin with.
    scope : Namespace, optional
        Looked up before `facts`: the model that a requirement binds.
    adjusted : mapping of str to float, optional
        Adjusted p-values by hypothesis.

    Attributes
    ----------
    tested : bool
        Whether a statistical test was met: other p-values could give other values.
    """

    def __init__(
        self, facts: Root, scope: Namespace | None = None, adjusted: Mapping[str, float] | None = None
    ) -> None:
        self.facts = facts
        self.scope = scope
        self.adjusted = adjusted
        self.locals: dict[str, object] = {}
        self.steps = 0
        self.tested = False
        self._measured: dict[str, str] = {}
        self._tests: dict[str, TestOutcome] = {}
        self._comparisons: list[Comparison] = []

    @property
    def style(self) -> NumberStyle:
        """How numbers print."""
        return self.facts.style

    def evaluate(self, node: nodes.Expr) -> Evaluated:
        """Return the value of an expression and all that it rests on.

        Raises
        ------
        FactError
            If a name is unknown or different kinds are mixed; a missing value is no error.
        """
        self._measured, self._tests, self._comparisons = {}, {}, []
        try:
            value, reason = self.value(node), ""
        except MissingError as error:
            value, reason = None, error.message
        measured = tuple(Measured(name, text) for name, text in self._measured.items())
        vacuous = value is not False and isinstance(node, _STATEMENTS) and self.unmeasured().vacuous(node)
        tests, comparisons = tuple(self._tests.values()), tuple(self._comparisons)
        return Evaluated(value, measured, tests, comparisons, reason, vacuous)

    def unmeasured(self) -> Statement:
        """Return a reader of expressions with the same names, whose facts are left open."""
        aside = Evaluator(self.facts, self.scope)
        aside.locals = self.locals
        return Statement(aside.reach, Evaluator(self.facts).reach)

    def value(self, node: nodes.Node) -> Any:
        """Return the value of a node, recording the facts that it names."""
        self.step()
        if isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
            value = self.reach(node)
            self._record(value)
            return value
        return getattr(self, f"_{type(node).__name__.lower()}")(node)

    def step(self, cost: int = 1) -> None:
        """Count a step.

        Raises
        ------
        ExhaustedError
            If there were too many.
        """
        self.steps += cost
        if self.steps > MOST_STEPS:
            raise ExhaustedError("this takes too many steps to evaluate", "write fewer or shorter loops")

    def truth(self, node: nodes.Node) -> bool:
        """Return the value of a condition.

        Raises
        ------
        KindError
            If it is neither true nor false.
        """
        value = self.value(node)
        if not isinstance(value, bool):
            raise KindError(f"{described(value)} is not true or false", "compare it with something")
        return value

    # ---- names ----------------------------------------------------------------------------------

    def reach(self, node: nodes.Node) -> Any:
        """Return what a name stands for, without recording it."""
        match node:
            case nodes.Name(name=name):
                return self._root(name)
            case nodes.Getattr(node=owner, attr=attribute):
                return member(self.reach(owner), attribute)
            case nodes.Getitem(node=owner, arg=nodes.Slice(start=start, stop=stop, step=step)):
                bounds = [None if bound is None else self.value(bound) for bound in (start, stop, step)]
                return part(self.reach(owner), *bounds)
            case nodes.Getitem(node=owner, arg=argument):
                return entry(self.reach(owner), self.value(argument))
            case _:
                return self.value(node)

    def _root(self, name: str) -> Any:
        if name in self.locals:
            return self.locals[name]
        for namespace in (self.scope, self.facts):
            if namespace is not None and name in namespace.members():
                return namespace.member(name)
        if name in FUNCTIONS:
            raise FactError(f"`{name}` is a function", f"call it: `{name}(…)`")
        known = [*self.locals, *(self.scope.members() if self.scope else ()), *self.facts.members()]
        raise FactError(f"unknown name `{name}`", nearest(name, known))

    def _record(self, value: object, relation: str = "", by: str = "") -> None:
        facts = value.headline(relation) if isinstance(value, Namespace) else (value,)
        if by and isinstance(value, Comparable):
            facts = value.headline_by(by)
        for fact in facts:
            if isinstance(fact, Quantity | Term) and fact.name:
                self._measured.setdefault(fact.name, str(fact))

    # ---- constants, logic, arithmetic -----------------------------------------------------------

    def _const(self, node: nodes.Const) -> object:
        return node.value

    def _tuple(self, node: nodes.Tuple | nodes.List) -> tuple[object, ...]:
        return tuple(self.value(item) for item in node.items)

    _list = _tuple

    def _not(self, node: nodes.Not) -> bool:
        return not self.truth(node.node)

    def _and(self, node: nodes.And) -> bool:
        left, right = self.truth(node.left), self.truth(node.right)
        return left and right

    def _or(self, node: nodes.Or) -> bool:
        left, right = self.truth(node.left), self.truth(node.right)
        return left or right

    def _condexpr(self, node: nodes.CondExpr) -> object:
        assert node.expr2 is not None
        return self.value(node.expr1 if self.truth(node.test) else node.expr2)

    def _neg(self, node: nodes.Neg) -> object:
        return -_number(self.value(node.node), "negate")

    def _pos(self, node: nodes.Pos) -> object:
        return _number(self.value(node.node), "sign")

    def _arithmetic(self, node: nodes.BinExpr) -> object:
        verb, sign = _ARITHMETIC[type(node)]
        left, right = _number(self.value(node.left), verb), _number(self.value(node.right), verb)
        if isinstance(left, Quantity) or isinstance(right, Quantity):
            return OPERATIONS[sign](left, right)
        return _calculated(left, sign, right)

    _add = _sub = _mul = _div = _arithmetic

    def _compare(self, node: nodes.Compare) -> bool:
        left, holds = self.value(node.expr), True
        for operand in node.ops:
            right = self.value(operand.expr)
            holds = self._operand(left, operand.op, right) and holds
            left = right
        return holds

    def _operand(self, left: object, sign: str, right: object) -> bool:
        if sign not in SIGNS:
            return contains(right, left) == (sign == "in")
        holds = compared(left, sign, right)
        self._comparisons.append(Comparison(left, SIGNS[sign][0], right, holds))
        return holds

    # ---- filters, tests, functions --------------------------------------------------------------

    def _arguments(
        self, node: nodes.Filter | nodes.Test | nodes.Call
    ) -> tuple[list[object], dict[str, object]]:
        positional = [self.value(argument) for argument in node.args]
        return positional, {str(keyword.key): self.value(keyword.value) for keyword in node.kwargs}

    def _filter(self, node: nodes.Filter) -> Printed:
        assert node.node is not None
        value = self.value(node.node)
        if node.name not in FILTERS:
            raise no_filter(node.name)
        args, options = self._arguments(node)
        text = applied(node.name, FILTERS[node.name], [value, self.style, *args], options)
        written = as_written(node.name, args, options)
        if isinstance(value, Printed):
            return Printed(text, value.name, (*value.filters, written), value.missing)
        return Printed(text, expression_of(value), (written,), getattr(value, "missing", ""))

    def _test(self, node: nodes.Test) -> bool:
        chain = isinstance(node.node, nodes.Name | nodes.Getattr | nodes.Getitem)
        value = self.reach(node.node) if chain else self.value(node.node)
        before = dict(self._measured)
        self._record(value, node.name)
        args, options = self._arguments(node)
        by = options.get("by")
        if isinstance(by, str) and by and isinstance(value, Comparable):
            self._measured = before
            for side in (value, *args):
                self._record(side, by=by)
        if isinstance(value, Namespace) and node.name in value.relations:
            self.step(TEST_COST)
            outcome = applied(node.name, getattr(value, value.relations[node.name]), args, options)
        elif node.name in RELATIONS:
            outcome = applied(node.name, RELATIONS[node.name], [value, *args], options)
        else:
            raise no_relation(node.name, value)
        if isinstance(outcome, TestOutcome):
            self.tested = True
            self._tests.setdefault(outcome.hypothesis, outcome)
            return outcome.holds(self.adjusted)
        return bool(outcome)

    def _call(self, node: nodes.Call) -> object:
        assert isinstance(node.node, nodes.Name)
        name = node.node.name
        if name not in FUNCTIONS:
            raise no_function(name)
        args, options = self._arguments(node)
        return applied(name, FUNCTIONS[name], args, options)


def no_filter(name: str) -> FactError:
    """Return the error for an unknown filter."""
    return FactError(f"unknown filter `{name}`", nearest(name, FILTERS))


def no_function(name: str) -> FactError:
    """Return the error for an unknown function."""
    return FactError(f"unknown function `{name}`", nearest(name, FUNCTIONS))


def no_relation(name: str, value: object) -> FactError:
    """Return the error for a relation that a value does not have."""
    known = [*(value.relations if isinstance(value, Namespace) else ()), *RELATIONS]
    return FactError(f"`is {name}` does not apply to {described(value)}", nearest(name, known))


def _calculated(left: float, sign: str, right: float) -> int | float:
    """Return what arithmetic makes of two bare numbers; whole numbers stay whole."""
    try:
        value, exact = calculated(left, sign, right)
    except ZeroDivisionError:
        raise FactError("can't divide by zero") from None
    except OverflowError:
        value, exact = MOST_NUMBER, None
    if exact is None or not abs(value) < MOST_NUMBER:
        raise FactError("the result is too large a number")
    whole = sign != "/" and isinstance(left, int) and isinstance(right, int)
    return int(exact) if whole else Rational(exact)


def _number(value: object, verb: str) -> Any:
    if isinstance(value, Printed):
        raise KindError(
            f"can't {verb} the text that a filter returns", "put brackets around everything before the `|`"
        )
    if not is_number(value):
        raise KindError(f"can't {verb} {described(value)}: it is not a number")
    return value
