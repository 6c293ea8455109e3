"""Functions, and relations (Jinja tests) that need no particular facts."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from reportgen.language import exact
from reportgen.language.exact import Rational, calculated, comparable
from reportgen.language.groups import Series
from reportgen.language.joint_figures import TOGETHER
from reportgen.language.member_access import reached
from reportgen.language.quantity import Quantity
from reportgen.language.values import (
    Comparable,
    FactError,
    KindError,
    MissingError,
    Model,
    Namespace,
    Show,
    described,
)


@dataclass(frozen=True)
class Reference:
    """A cross-reference to something shown: prints as ``Figure 3``."""

    show: Show


def ref(show: object) -> Reference:
    """Refer to a figure or table by its number: ``ref(cnn.evaluation_image)``, ``ref("own-image.png")``."""
    if isinstance(show, str):
        return Reference(Show("image", (show,)))
    if not isinstance(show, Show):
        raise KindError("`ref` takes something shown, such as `cnn.evaluation_image`")
    return Reference(show)


def difference(one: object, other: object) -> Namespace:
    """Compare two measured things: ``difference(cnn.test, fc.test).p_value``."""
    if not isinstance(one, Comparable):
        raise KindError("`difference` takes two models or splits, such as `cnn.test`")
    return one.difference(other)


def _numeric(values: tuple[object, ...], name: str) -> list[Any]:
    if not values or any(isinstance(v, bool) or not isinstance(v, int | float | Quantity) for v in values):
        raise KindError(f"`{name}` takes numbers")
    return list(values)


def absolute(value: object) -> Any:
    """Return a number without its sign."""
    return abs(_numeric((value,), "abs")[0])


def _defined(values: tuple[object, ...], name: str) -> list[Any]:
    """Return the numbers without those that can't have a value, unless none of them can."""
    found = _numeric(values, name)
    return [value for value in found if not isinstance(value, Quantity) or not value.undefined] or found


def smallest(*values: object) -> Any:
    """Return the smallest of several numbers of one kind; what is undefined is left out."""
    return min(_defined(values, "min"))


def largest(*values: object) -> Any:
    """Return the largest of several numbers of one kind; what is undefined is left out."""
    return max(_defined(values, "max"))


def mean(*values: object) -> Any:
    """Return the mean of several numbers of one kind; what is undefined is left out."""
    found = _defined(values, "mean")
    measured = [value for value in found if isinstance(value, Quantity)]
    if not measured:
        number, fraction = exact.mean(found)
        return number if fraction is None else Rational(fraction)
    first = measured[0]
    if len(measured) < len(found):
        raise KindError("`mean` takes facts or bare numbers, not both")
    for value in measured:
        if (value.kind, value.basis) != (first.kind, first.basis):
            raise KindError(f"can't take the mean of {described(first)} and {described(value)}")
    missing = next((value.missing for value in measured if value.missing), "")
    name = f"mean({', '.join(value.name for value in measured)})"
    number, fraction = exact.mean(measured)
    return first.derived(number, first.kind, name, missing=missing, exact=fraction)


def about(value: object, other: object, tolerance: object) -> bool:
    """Hold where two numbers of one kind differ by no more than `tolerance`."""
    left, right, reach = _numeric((value, other, tolerance), "about")
    if float(reach) < 0:
        raise KindError("a tolerance can't be negative")
    return _ordered(abs(_combined(left, "-", right)), reach)


def between(value: object, lower: object, upper: object) -> bool:
    """Hold where a number lies between two others, both included."""
    middle, low, high = _numeric((value, lower, upper), "between")
    above, below = _ordered(low, middle), _ordered(middle, high)
    return above and below


def times(value: object, factor: object, other: object, tolerance: float = 0.05) -> bool:
    """Hold where a number is `factor` times another, within a relative `tolerance` (0.05 is 5 %)."""
    left, times_, right, reach = _numeric((value, factor, other, tolerance), "times")
    quotient = _combined(left, "/", right)
    if isinstance(quotient, Quantity) and quotient.missing:
        raise MissingError(f"{quotient.name}: {quotient.missing}")
    found, wanted, relative = comparable(quotient, times_, reach)
    return bool(abs(found - wanted) <= relative * abs(wanted))


def _combined(left: Any, sign: str, right: Any) -> Any:
    """Return ``left sign right`` of facts or bare numbers."""
    if isinstance(left, Quantity) or isinstance(right, Quantity):
        return exact.OPERATIONS[sign](left, right)
    value, fraction = calculated(left, sign, right)
    return value if fraction is None else Rational(fraction)


def _ordered(lower: Any, upper: Any) -> bool:
    """Return whether ``lower <= upper``, of facts or bare numbers."""
    if isinstance(lower, Quantity) or isinstance(upper, Quantity):
        return bool(lower <= upper)
    below, above = comparable(lower, upper)
    return bool(below <= above)


_LOWER: Final = ("loss", "amount", "count", "seconds")  # kinds of which less is better
_ERRORS: Final = ("error", "brier", "calibration_error")


def best_of(family: object, by: object = "") -> Namespace:
    """Choose a model by validation: ``best_of(cnn.family, by="validation.accuracy")``."""
    models = list(family) if isinstance(family, Series) else []
    if not models or not all(isinstance(model, Model) for model in models):
        raise KindError("`best_of` takes the models of a family, such as `cnn.family`")
    name = str(by) or f"validation.{getattr(models[0].headline()[0], 'name', '').rpartition('.')[2]}"
    first, _, rest = name.partition(".")
    if first not in ("validation", "folds") or not rest:
        remedy = 'such as by="validation.accuracy"'
        message = f"`best_of` selects by validation data, not by {name}: a test selects nothing"
        raise FactError(message, remedy)
    found = [_reached(model, name) for model in models]
    for value in found:
        if value.missing:
            raise MissingError(f"{value.name}: {value.missing}")
    if name.endswith(".bias"):
        raise FactError("`best_of` can't tell which bias is better", 'such as by="validation.mae"')
    lower = found[0].kind in _LOWER or name.rpartition(".")[2] in _ERRORS
    values = [-value.value if lower else value.value for value in found]
    chosen: Namespace = models[values.index(max(values))]
    return chosen


def _reached(model: Namespace, name: str) -> Quantity:
    value: object = reached(model, name)
    if not isinstance(value, Quantity):
        raise KindError(f"`best_of` selects by a number, and {name} is {described(value)}")
    return value


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "ref": ref,
    "difference": difference,
    "best_of": best_of,
    "abs": absolute,
    "min": smallest,
    "max": largest,
    "mean": mean,
    **TOGETHER,
}
RELATIONS: Final[Mapping[str, Callable[..., Any]]] = {"about": about, "between": between, "times": times}


def applied(
    name: str, function: Callable[..., Any], args: list[object], options: Mapping[str, object]
) -> Any:
    """Call one of our own functions; a wrong number of arguments is the author's mistake."""
    try:
        inspect.signature(function).bind(*args, **options)
    except TypeError as error:
        raise FactError(f"`{name}`: {error}") from None
    return function(*args, **options)
