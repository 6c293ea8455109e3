"""Find every unknown name in an answer, in all branches and at once.

Rendering stops an expression at its first mistake, and does not look into what a condition leaves out.
Here nothing is evaluated but the names themselves, so that one look tells all that is misspelled, before
anything is trained.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from jinja2 import nodes

from reportgen.errors import Problem
from reportgen.language.evaluator import Evaluator, no_filter, no_function, no_relation
from reportgen.language.filters import FILTERS
from reportgen.language.functions import FUNCTIONS, RELATIONS
from reportgen.language.groups import Series
from reportgen.language.outcome import Answer
from reportgen.language.reading import parse_expression
from reportgen.language.syntax import children
from reportgen.language.values import FactError, MissingError, Namespace, Root

_CHAIN = (nodes.Name, nodes.Getattr, nodes.Getitem)


def misnamed(answer: Answer, facts: Root) -> list[Problem]:
    """Return a problem for each name, filter, relation and function of an answer that does not exist."""
    checker = _Checker(facts)
    checker.body(answer.tree.body, {})
    return [
        Problem(answer.path, answer.first_line + line - 1, error.message, error.remedy)
        for line, error in checker.found
    ]


def misnamed_in(expression: str, facts: Root, path: str, line: int, model: str = "") -> list[Problem]:
    """Return the same for one expression, in which the names of `model` may stand by themselves."""
    tree, _ = parse_expression(expression)
    scope = facts.member(model) if model else None
    checker = _Checker(facts, scope if isinstance(scope, Namespace) else None)
    checker.expression(tree, {})
    return [
        Problem(path, line, f"`{expression}`: {error.message}", error.remedy) for _, error in checker.found
    ]


@dataclass
class _Unknown:
    """Stands for the entries of a list of which nothing is known yet."""


class _Checker:
    def __init__(self, facts: Root, scope: Namespace | None = None) -> None:
        self._facts = facts
        self._scope = scope
        self.found: list[tuple[int, FactError]] = []

    def body(self, body: Iterable[nodes.Node], local: Mapping[str, object]) -> None:
        """Check statements; `local` holds what loops named."""
        for node in body:
            if isinstance(node, nodes.For):
                self.expression(node.iter, local)
                inner = {**local, "loop": _Unknown()}
                if isinstance(node.target, nodes.Name):
                    inner[node.target.name] = self._first(node.iter, local)
                self.expression(node.test, inner)
                self.body(node.body, inner)
                self.body(node.else_, local)
            elif isinstance(node, nodes.Stmt):
                for child in children(node):
                    self.body([child], local)
            else:
                self.expression(node, local)

    def expression(self, node: nodes.Node | None, local: Mapping[str, object]) -> None:
        """Check an expression."""
        if node is None or isinstance(node, nodes.TemplateData):
            return
        if isinstance(node, _CHAIN):
            self._chain(node, local)
            return
        for problem in self._called(node, local):
            self.found.append((node.lineno, problem))
        for child in children(node):
            if not (isinstance(node, nodes.Call) and child is node.node):
                self.expression(child, local)

    def _chain(self, node: nodes.Node, local: Mapping[str, object]) -> None:
        before = len(self.found)
        for argument in _arguments(node):
            self.expression(argument, local)
        if len(self.found) > before:
            return
        root = _root(node)
        if not isinstance(root, nodes.Name):
            self.expression(root, local)
        elif not isinstance(local.get(root.name), _Unknown):
            try:
                self._value(node, local)
            except MissingError:
                pass
            except FactError as error:
                self.found.append((node.lineno, error))

    def _value(self, node: nodes.Node, local: Mapping[str, object]) -> object:
        evaluator = Evaluator(self._facts, self._scope)
        evaluator.locals = {name: value for name, value in local.items() if not isinstance(value, _Unknown)}
        return evaluator.reach(node)

    def _first(self, node: nodes.Node, local: Mapping[str, object]) -> object:
        """Return the first entry of what a loop goes over: what it has, the others have."""
        found = self._known(node, local)
        entries = found.part(None, 1) if isinstance(found, Series) else found
        return next(iter(entries), _Unknown()) if isinstance(entries, Series | tuple) else _Unknown()

    def _called(self, node: nodes.Node, local: Mapping[str, object]) -> Iterator[FactError]:
        match node:
            case nodes.Filter(name=name) if name not in FILTERS:
                yield no_filter(name)
            case nodes.Call(node=nodes.Name(name=name)) if name not in FUNCTIONS:
                yield no_function(name)
            case nodes.Test(name=name, node=subject) if name not in RELATIONS:
                value = self._known(subject, local)
                if not isinstance(value, _Unknown | Namespace) or (
                    isinstance(value, Namespace) and name not in value.relations
                ):
                    yield no_relation(name, value)

    def _known(self, node: nodes.Node, local: Mapping[str, object]) -> object:
        """Return what a name stands for, where that can be said."""
        root = _root(node)
        if not isinstance(root, nodes.Name) or isinstance(local.get(root.name), _Unknown):
            return _Unknown()
        try:
            return self._value(node, local)
        except FactError:
            return _Unknown()


def _root(node: nodes.Node) -> nodes.Node:
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        node = node.node
    return node


def _arguments(node: nodes.Node) -> Iterator[nodes.Node]:
    """Yield what stands in the square brackets of a chain, constants excepted."""
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        if isinstance(node, nodes.Getitem) and not isinstance(node.arg, nodes.Const):
            yield from children(node.arg) if isinstance(node.arg, nodes.Slice) else (node.arg,)
        node = node.node
