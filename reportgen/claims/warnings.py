"""Warn where a statement may hold only by chance.

A plain ``>`` between measured shares says what was measured, and is true or false of it. A reader takes
it for more, so where the difference, or the distance from a threshold, is within the noise of the
measurement, the verdict says so.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import hypot
from typing import Final, TypeGuard

from jinja2 import nodes

from reportgen.language import Comparison, Evaluated, FactError, Quantity, fact_names, owner_of
from reportgen.language.evaluator import Evaluator
from reportgen.language.numbers import decimal, significant, style_of
from reportgen.language.reading import parse_expression
from reportgen.results import Facts
from reportgen.results.relations import Related, compared
from reportgen.results.statistics import ALPHA, Interval, compare
from reportgen.results.statistics import Comparison as Compared

_ORDERS: Final = ("<", "<=", ">", ">=")


@dataclass(frozen=True)
class Doubt:
    """A warning, and whether it is that chance alone may have made the statement true."""

    text: str
    noise: bool = True


def doubts(expression: str, evaluated: Evaluated, facts: Facts) -> tuple[Doubt, ...]:
    """Return a warning for each part of a statement that chance alone may have made true.

    Parameters
    ----------
    expression : str
        As written.
    evaluated : Evaluated
        Its value; the comparisons that it made are looked at.
    facts : Facts
        To evaluate the two sides of a difference, and to tell what each model was tested on.
    """
    found = [doubt for comparison in evaluated.comparisons for doubt in _doubt(comparison, facts)]
    return tuple(dict.fromkeys((*found, *_absences(expression))))


def _doubt(comparison: Comparison, facts: Facts) -> Iterator[Doubt]:
    left, right = comparison.left, comparison.right
    if comparison.sign not in _ORDERS:
        return
    yield from _across(left, right, facts)
    if _uncertain(left) and _uncertain(right):
        yield from _between(left, right)
        return
    for measured, threshold in ((left, right), (right, left)):
        if not isinstance(threshold, int | float | Quantity):
            continue
        limit = float(threshold)
        if _uncertain(measured):
            interval = Interval(*measured.interval)
            shown = _percent if measured.kind == "share" else _amounts
        elif isinstance(measured, Quantity) and measured.kind == "points":
            difference = _difference(measured.name, facts)
            if difference is None:
                continue
            interval, shown = difference.interval, _points
        else:
            continue
        if limit in interval:
            span = shown(interval.lower, interval.upper)
            yield Doubt(
                f"{measured.name}: the threshold {shown(limit)} lies inside the 95 % interval, {span}"
            )


def _across(left: object, right: object, facts: Facts) -> Iterator[Doubt]:
    """Yield a warning if what is compared was measured on different data sets."""
    measured = [value for value in (left, right) if isinstance(value, Quantity) and _measured(value)]
    models = [name for value in measured for name in _models(value.name, facts)]
    sets = tuple(dict.fromkeys(facts.models[name].spec.training.dataset for name in models))
    if len(sets) > 1:
        what = " and ".join(value.name for value in measured)
        text = f"{what}: measured on {' and '.join(sets)}, so the difference may come from the data"
        yield Doubt(text, noise=False)


def _models(name: str, facts: Facts) -> Iterator[str]:
    """Yield the models that a fact's name speaks of."""
    yield from (owner for fact in fact_names(name) if (owner := owner_of(fact)) in facts.models)


def _measured(value: Quantity) -> bool:
    return value.bounds is not None or value.kind in ("points", "loss")


def _between(left: Quantity, right: Quantity) -> Iterator[Doubt]:
    """Yield a warning if two measured shares or amounts don't differ significantly."""
    found, shown = _compare(left, right), _points if left.kind == "share" else _amounts
    name = f"{left.name} and {right.name}"
    if found is None:
        interval = _newcombe(left, right)
        if 0 in interval:
            span = shown(interval.lower, interval.upper)
            yield Doubt(f"{name} differ by no more than chance explains: 95 % interval {span}")
    elif found.p_value > ALPHA:
        span = shown(found.interval.lower, found.interval.upper)
        yield Doubt(
            f"{name} differ by no more than chance explains: {shown(found.difference)}, "
            f"95 % interval {span}, p = {found.p_value:.2f}, {found.scope}"
        )


def _absences(expression: str) -> Iterator[Doubt]:
    tree, _ = parse_expression(expression)
    negations = (
        () if tree is None else (*([tree] if isinstance(tree, nodes.Not) else []), *tree.find_all(nodes.Not))
    )
    if any(
        isinstance(node.node, nodes.Test) and node.node.name.startswith("significantly_")
        for node in negations
    ):
        text = "finding no significant difference is not evidence that there is none"
        yield Doubt(f"{text}; `is indistinguishable_from` tests that", noise=False)


def _uncertain(value: object) -> TypeGuard[Quantity]:
    return isinstance(value, Quantity) and value.bounds is not None and value.decided


def _difference(name: str, facts: Facts) -> Compared | None:
    """Return the comparison behind a difference of two accuracies, which knows no more than its name."""
    tree, _ = parse_expression(name)
    if not isinstance(tree, nodes.Sub):
        return None
    evaluator = Evaluator(facts)
    try:
        left, right = evaluator.value(tree.left), evaluator.value(tree.right)
    except FactError:
        return None
    return _compare(left, right) if _uncertain(left) and _uncertain(right) else None


def _compare(left: Quantity, right: Quantity) -> Compared | None:
    """Return the comparison of two accuracies or mean errors, or None where one is something else."""
    a, b = left.owner, right.owner
    if not isinstance(a, Related) or not isinstance(b, Related) or a is b or a.kind != b.kind:
        return None
    try:
        return compared(a, b)
    except FactError:
        return compare(a.scores, b.scores, paired=False)


def _newcombe(left: Quantity, right: Quantity) -> Interval:
    """Return the interval of the difference of two independent shares from theirs (Newcombe 1998)."""
    (low, high), (other_low, other_high) = left.interval, right.interval
    difference = left.value - right.value
    return Interval(
        difference - hypot(left.value - low, other_high - right.value),
        difference + hypot(high - left.value, right.value - other_low),
    )


def _percent(*values: float) -> str:
    return f"{_range(values)} %"


def _points(*values: float) -> str:
    return f"{_range(values)} points"


def _amounts(*values: float) -> str:
    return " to ".join(significant(value, 3, style_of("en")) for value in values)


def _range(values: Iterable[float]) -> str:
    return " to ".join(decimal(100 * value, 1, style_of("en")) for value in values)
