"""Required and configured values as numbers: they can be named, and may be typed in prose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from jinja2 import nodes

from reportgen.language import FactError, Keyed, Namespace, Quantity
from reportgen.language.reading import dotted, parse_expression
from reportgen.report.types import ModelSpec, Requirement
from reportgen.results.quantity_maker import Maker


def required(model: Namespace, requirements: Sequence[Requirement], maker: Maker) -> Keyed[Quantity]:
    """Return what a model must reach, by the name of the fact: ``cnn.required["test.accuracy"]``."""
    name = f"{model.name}.required"
    found: dict[str, Quantity] = {}
    for requirement in requirements:
        for fact, _, bound in _bounds(requirement.expression):
            subject = _fact(model, fact)
            if isinstance(subject, Quantity):
                found[fact] = maker.given(f'{name}["{fact}"]', bound, subject.kind)
    return Keyed(name, "What a requirement asks for", found)


def least_accuracy(spec: ModelSpec) -> float | None:
    """Return the test accuracy that a model must reach or exceed by its requirements, if they say so."""
    bounds = [
        bound
        for requirement in spec.requirements
        for fact, sign, bound in _bounds(requirement.expression)
        if fact == "test.accuracy" and sign in ("gt", "gteq") and 0 <= bound <= 1
    ]
    return max(bounds, default=None)


def configured_numbers(spec: ModelSpec) -> Iterator[float]:
    """Yield the numbers of a model's training parameters and requirements."""
    training = spec.training
    yield from (training.epochs, training.batch_size, len(spec.seeds))
    scalars = (training.validation, training.learning_rate)
    weights = training.class_weights if isinstance(training.class_weights, Mapping) else {}
    plateau = training.reduce_on_plateau or {}
    tables = (training.optimizer.arguments, training.loss.arguments, training.arguments, weights, plateau)
    arguments = [value for table in tables for value in table.values()]
    for value in (*scalars, *arguments):
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield float(value)
    for requirement in spec.requirements:
        yield from (bound for _, _, bound in _bounds(requirement.expression))


def _bounds(expression: str) -> Iterator[tuple[str, str, float]]:
    """Yield the facts that an expression compares with a bare number, with Jinja's name of the comparison."""
    tree, _ = parse_expression(expression)
    if tree is None:
        return
    compares = [tree] if isinstance(tree, nodes.Compare) else []
    for node in (*compares, *tree.find_all(nodes.Compare)):
        fact = dotted(node.expr)
        for operand in node.ops:
            bound = operand.expr
            if fact and isinstance(bound, nodes.Const) and isinstance(bound.value, int | float):
                yield fact, operand.op, float(bound.value)


def _fact(model: Namespace, name: str) -> object:
    value: object = model
    for key in name.split("."):
        try:
            value = value.member(key) if isinstance(value, Namespace) else None
        except (KeyError, FactError):
            return None
    return value
