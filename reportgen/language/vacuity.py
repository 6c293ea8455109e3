"""Find statements that are true whatever was measured: ``1 < 2``, ``x >= x``, ``test.accuracy >= 0``.

Such a statement vouches for nothing, however it is dressed up. Comparisons are read as signs of linear
forms (see `reportgen.language.linear_forms`); a statement is vacuous if it holds for every sign that its
forms can have, each by itself. So nothing is called vacuous that could be false; a few contrived statements
that could not be are not found.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise, product
from math import prod
from typing import Any, Final

from jinja2 import nodes

from reportgen.language.exact import exactly
from reportgen.language.linear_forms import ANY, NOT_NEGATIVE, RANGES, Form, atom, hull
from reportgen.language.quantity import Quantity
from reportgen.language.reading import parse_expression
from reportgen.language.values import FactError, Term

MOST_WORLDS: Final = 512
_SIGNS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
}
_TURNED: Final = {"lt": "gt", "lteq": "gteq", "gt": "lt", "gteq": "lteq"}

World = Mapping[str, Any]
Truth = Callable[[World], bool]


@dataclass
class Statement:
    """Reads an expression of which the facts are left open.

    Parameters
    ----------
    reach : callable
        Gives the fact that a node names; raises FactError where there is none.
    reach_made : callable
        The same for the expression that a fact was calculated by, in which no local name stands.
    """

    reach: Callable[[nodes.Node], object]
    reach_made: Callable[[nodes.Node], object]
    forms: dict[str, Form] = field(default_factory=dict)
    limits: dict[str, set[Fraction]] = field(default_factory=dict)
    words: dict[str, set[str]] = field(default_factory=dict)

    def vacuous(self, node: nodes.Node) -> bool:
        """Return whether a statement is true whatever the facts are."""
        truth = self._truth(node)
        choices: dict[str, list[Any]] = {name: list(self._points(name)) for name in self.forms}
        choices |= {name: sorted(words) for name, words in self.words.items()}
        if prod(map(len, choices.values())) > MOST_WORLDS:
            return False
        worlds = product(*choices.values())
        return all(truth(dict(zip(choices, world, strict=True))) for world in worlds)

    def constant(self, node: nodes.Node) -> Fraction | None:
        """Return the value of a number that is the same whatever the facts are, else None."""
        form = self._form(node)
        return None if form is None or form.terms else form.constant

    # ---- truth ----------------------------------------------------------------------------------

    def _truth(self, node: nodes.Node) -> Truth:
        match node:
            case nodes.Const(value=bool() as value):
                return lambda world: value
            case nodes.Not(node=inner):
                denied = self._truth(inner)
                return lambda world: not denied(world)
            case nodes.And(left=left, right=right):
                return _both(self._truth(left), self._truth(right))
            case nodes.Or(left=left, right=right):
                one, other = self._truth(left), self._truth(right)
                return lambda world: one(world) or other(world)
            case nodes.CondExpr(test=test, expr1=first, expr2=nodes.Expr() as second):
                asked, yes, no = self._truth(test), self._truth(first), self._truth(second)
                return lambda world: (yes if asked(world) else no)(world)
            case nodes.Compare(expr=first, ops=operands):
                values = [first, *(operand.expr for operand in operands)]
                signs = [operand.op for operand in operands]
                steps = [
                    self._compared(left, sign, right)
                    for (left, right), sign in zip(pairwise(values), signs, strict=True)
                ]
                return lambda world: all(step(world) for step in steps)
            case nodes.Test(node=inner, name=name):
                return self._related(inner, name, node)
            case _:
                return self._free(node)

    def _free(self, node: nodes.Node) -> Truth:
        """Return the truth of what may be true or false by itself, such as a statistical test."""
        name = repr(node)
        self.words[name] = {"", "holds"}
        return lambda world: bool(world[name])

    def _compared(self, left: nodes.Node, sign: str, right: nodes.Node) -> Truth:
        if sign in ("in", "notin"):
            if not isinstance(right, nodes.Tuple | nodes.List):
                return self._free(nodes.Compare(left, [nodes.Operand(sign, right)]))
            found = [self._compared(left, "eq", item) for item in right.items]
            return lambda world: any(each(world) for each in found) is (sign == "in")
        one, other = self._form(left), self._form(right)
        if one is not None and other is not None:
            return self._signed(one.plus(other, Fraction(-1)), sign)
        return self._equal(left, sign, right)

    def _signed(self, difference: Form, sign: str) -> Truth:
        """Return whether a form is less than, equal to or greater than zero."""
        if not difference.terms:
            holds = _SIGNS[sign](difference.constant, 0)
            return lambda world: holds
        lead, form = difference.normal()
        name, limit = repr(sorted(form.terms.items())), -difference.constant / lead
        self.forms[name] = form
        self.limits.setdefault(name, set()).add(limit)
        compare = _SIGNS[_TURNED.get(sign, sign) if lead < 0 else sign]
        return lambda world: compare(world[name], limit)

    def _equal(self, left: nodes.Node, sign: str, right: nodes.Node) -> Truth:
        """Return whether two words, or two truths, are the same."""
        one, other = self._word(left), self._word(right)
        if isinstance(other, Term) and not isinstance(one, Term):
            one, other = other, one
        if isinstance(one, Term) and isinstance(other, str) and not isinstance(other, Term):
            name, text = one.name, other
            self.words.setdefault(name, set(one.choices) or {""}).add(text)
            return lambda world: (world[name] == text) is (sign == "eq")
        if isinstance(one, Term) and isinstance(other, Term):
            one, other = nodes.Name(one.name, "load"), nodes.Name(other.name, "load")
        same = one == other
        if same or not isinstance(one, nodes.Node | Term):
            return lambda world: same is (sign == "eq")
        return self._free(nodes.Compare(left, [nodes.Operand(sign, right)]))

    def _related(self, subject: nodes.Node, name: str, test: nodes.Test) -> Truth:
        """Return the truth of a relation; those between numbers are comparisons."""
        arguments = [self._form(each) for each in (subject, *test.args, *(key.value for key in test.kwargs))]
        match name, arguments:
            case "between", [Form() as value, Form() as low, Form() as high]:
                return _both(
                    self._signed(low.plus(value, Fraction(-1)), "lteq"),
                    self._signed(value.plus(high, Fraction(-1)), "lteq"),
                )
            case "about", [Form() as value, Form() as other, Form() as reach]:
                return self._near(value.plus(other, Fraction(-1)), reach)
            case "times", [Form() as value, Form(terms={}) as factor, Form() as other, *rest] if (
                quotient := value.over(other)
            ) is not None:
                share = rest[0] if rest else Form(Fraction(1, 20))
                if share is not None:
                    return self._near(Form(quotient - factor.constant), share.times(abs(factor.constant)))
        return self._free(test)

    def _near(self, difference: Form, reach: Form) -> Truth:
        return _both(
            self._signed(difference.plus(reach, Fraction(-1)), "lteq"),
            self._signed(difference.plus(reach), "gteq"),
        )

    def _points(self, name: str) -> Iterator[Fraction]:
        """Yield values of a form of which one lies in every part that its comparisons tell apart."""
        low, high = self.forms[name].range
        limits = sorted(self.limits[name])
        ends = [limits[0] - 1 if low is None else low, limits[-1] + 1 if high is None else high]
        found = sorted({*ends, *limits})
        for point in (*found, *((one + other) / 2 for one, other in pairwise(found))):
            if (low is None or low <= point) and (high is None or point <= high):
                yield point

    # ---- numbers and words ----------------------------------------------------------------------

    def _form(self, node: nodes.Node | None) -> Form | None:
        """Return the form of a number; None for anything else."""
        match node:
            case nodes.Const(value=int() | float() as number) if not isinstance(number, bool):
                return Form(exactly(number) or Fraction(0))
            case nodes.Name() | nodes.Getattr() | nodes.Getitem():
                return self._fact(node)
            case nodes.Neg(node=inner):
                negated = self._form(inner)
                return negated and negated.times(Fraction(-1))
            case nodes.Pos(node=inner):
                return self._form(inner)
            case nodes.CondExpr(expr1=first, expr2=second):
                return self._opaque(node, self._form(first), self._form(second))
            case nodes.Call(node=nodes.Name(name=name), args=args):
                return self._called(name, [self._form(each) for each in args], node)
            case nodes.BinExpr(left=left, right=right):
                return self._calculated(node, self._form(left), self._form(right))
            case _:
                return None

    def _opaque(self, node: nodes.Node, *parts: Form | None) -> Form | None:
        """Return the form of a number that is one of several, no matter which."""
        known = [part for part in parts if part is not None]
        if len(known) < len(parts) or not known:
            return None
        same = all(part.terms == known[0].terms and part.constant == known[0].constant for part in known)
        return known[0] if same else atom(repr(node), hull(*known))

    def _called(self, name: str, parts: list[Form | None], node: nodes.Call) -> Form | None:
        known = [part for part in parts if part is not None]
        if len(known) < len(parts) or not known:
            return None
        if name in ("min", "max"):
            return self._opaque(node, *known)
        if name == "mean":
            total = Form()
            for part in known:
                total = total.plus(part)
            return total.times(Fraction(1, len(known)))
        if name == "abs":
            return known[0] if _is_positive(known[0]) else self._magnitude(known[0], node)
        return None

    def _magnitude(self, form: Form, node: nodes.Node) -> Form:
        if not form.terms:
            return Form(abs(form.constant))
        ends = form.range
        high = None if None in ends else max(abs(end) for end in ends if end is not None)
        return atom(repr(node), (Fraction(0), high))

    def _calculated(self, node: nodes.Node, one: Form | None, other: Form | None) -> Form | None:
        if one is None or other is None:
            return None
        match node:
            case nodes.Add():
                return one.plus(other)
            case nodes.Sub():
                return one.plus(other, Fraction(-1))
            case nodes.Mul() if not other.terms:
                return one.times(other.constant)
            case nodes.Mul() if not one.terms:
                return other.times(one.constant)
            case nodes.Div() if not other.terms and other.constant:
                return one.times(1 / other.constant)
            case nodes.Div() if (quotient := one.over(other)) is not None:
                return Form(quotient)
        positive = _is_positive(one) and _is_positive(other)
        return atom(repr(node), NOT_NEGATIVE if positive else ANY)

    def _fact(self, node: nodes.Node) -> Form | None:
        if isinstance(node, nodes.Getattr) and node.attr in ("lower", "upper"):
            owner = self._fact(node.node)
            if owner is not None:  # the interval holds the value, however wide it is
                reach = atom(f"{node.attr} of {sorted(owner.terms)}", NOT_NEGATIVE)
                return owner.plus(reach, Fraction(-1 if node.attr == "lower" else 1))
        try:
            value = self.reach(node)
        except FactError:
            return None
        if not isinstance(value, Quantity):
            bare = isinstance(value, int | float) and not isinstance(value, bool)
            return atom(repr(node)) if bare else None
        made, _ = parse_expression(value.made_of) if value.made_of else (None, ())
        if made is None:
            return atom(value.name, RANGES.get(value.kind, ANY))
        return Statement(self.reach_made, self.reach_made)._form(made)

    def _word(self, node: nodes.Node) -> object:
        """Return the word or constant that a node is, or else the node itself."""
        if isinstance(node, nodes.Const):
            return node.value
        try:
            value = self.reach(node)
        except FactError:
            return node
        return value if isinstance(value, Term) else node


def _both(one: Truth, other: Truth) -> Truth:
    return lambda world: one(world) and other(world)


def _is_positive(form: Form) -> bool:
    low, _ = form.range
    return low is not None and low >= 0
