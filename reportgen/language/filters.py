"""Filters: another form for a number, ``{{ cnn.test.accuracy | percent(2) }}``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from reportgen.language import numbers
from reportgen.language.groups import Series
from reportgen.language.numbers import NBSP, NumberStyle
from reportgen.language.quantity import Quantity
from reportgen.language.values import FactError, KindError, MissingError, Namespace, Term

MOST_DIGITS: Final = 12


class Printed(str):
    """Text that filters made of a fact; knows the fact's name and the filters."""

    __slots__ = ("filters", "missing", "name")

    name: str
    filters: tuple[str, ...]
    missing: str

    def __new__(cls, text: str, name: str, filters: tuple[str, ...], missing: str = "") -> Printed:
        """Return the text with what made it."""
        printed = super().__new__(cls, text)
        printed.name, printed.filters, printed.missing = name, filters, missing
        return printed


def as_written(name: str, args: Iterable[object], options: Mapping[str, object]) -> str:
    """Return a filter as its author would write it: ``percent(2)``."""
    shown = [repr(argument) for argument in args] + [f"{key}={value!r}" for key, value in options.items()]
    return f"{name}({', '.join(shown)})" if shown else name


def expression_of(value: object) -> str:
    """Return an expression that gives a value again."""
    if isinstance(value, Quantity | Term | Namespace):
        return value.name
    if isinstance(value, tuple):
        return f"({', '.join(map(expression_of, value))})"
    return str(value) if isinstance(value, int | float) else f'"{value}"'


def _quantity(value: object, name: str, kinds: tuple[str, ...] = ()) -> Quantity:
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = Quantity(float(value), "number")
    if not isinstance(value, Quantity):
        raise KindError(f"the filter `{name}` takes a number")
    if kinds and value.kind not in kinds:
        raise KindError(f"the filter `{name}` can't print {value.name or value.kind} ({value.kind})")
    return value


def _digits(digits: object) -> int:
    if isinstance(digits, bool) or not isinstance(digits, int) or not 0 <= digits <= MOST_DIGITS:
        raise FactError(f"digits must be a whole number from 0 to {MOST_DIGITS}")
    return digits


def _plain(quantity: Quantity, text: Callable[[float], str]) -> str:
    return text(quantity.value) if quantity.decided else str(quantity)


_FRACTIONS = ("share", "points", "ratio", "number", "rate", "probability")


def percent(value: object, style: NumberStyle, digits: int = 1) -> str:
    """Print a share as a percentage: ``63.1 %``."""
    quantity, places = _quantity(value, "percent", _FRACTIONS), _digits(digits)
    return _plain(quantity, lambda number: numbers.percent(number, places, style))


def points(value: object, style: NumberStyle, digits: int = 1) -> str:
    """Print a difference of shares in percentage points: ``1.2 points``."""
    quantity, places = _quantity(value, "points", _FRACTIONS), _digits(digits)
    return _plain(quantity, lambda number: numbers.points(number, places, style))


def decimal(value: object, style: NumberStyle, digits: int = 3) -> str:
    """Print with a fixed number of decimals: ``0.631``."""
    quantity, places = _quantity(value, "decimal"), _digits(digits)
    return _plain(quantity, lambda number: numbers.decimal(number, places, style))


def scientific(value: object, style: NumberStyle, digits: int = 1) -> str:
    """Print as a power of ten: ``8.2 × 10⁴``."""
    quantity, places = _quantity(value, "scientific"), _digits(digits)
    return _plain(quantity, lambda number: numbers.scientific(number, places, style))


def count(value: object, style: NumberStyle) -> str:
    """Print as a whole number: ``81,834``."""
    quantity = _quantity(value, "count", ("count", "number", "ratio", "seconds"))
    return _plain(quantity, lambda number: numbers.decimal(round(number), 0, style))


def ratio(value: object, style: NumberStyle, digits: int = 3) -> str:
    """Print to some significant digits: ``153``."""
    quantity, places = _quantity(value, "ratio"), _digits(digits)
    return _plain(quantity, lambda number: numbers.significant(number, max(places, 1), style))


def seconds(value: object, style: NumberStyle, digits: int = 0) -> str:
    """Print a time in seconds: ``745 s``."""
    quantity, places = _quantity(value, "seconds", ("seconds",)), _digits(digits)
    return _plain(quantity, lambda number: numbers.decimal(number, places, style) + NBSP + "s")


def minutes(value: object, style: NumberStyle, digits: int = 1) -> str:
    """Print a time in minutes: ``12.4 min``."""
    quantity, places = _quantity(value, "minutes", ("seconds",)), _digits(digits)
    return _plain(quantity, lambda number: numbers.decimal(number / 60, places, style) + NBSP + "min")


def size(value: object, style: NumberStyle) -> str:
    """Print without the sign: ``1.2 points`` for a difference of minus 1.2 points."""
    quantity = _quantity(value, "size")
    return str(abs(quantity)) if quantity.decided else str(quantity)


def words(value: object, style: NumberStyle) -> str:
    """Print a small whole number in words: ``three``; others in digits."""
    quantity = _quantity(value, "words", ("count", "number", "ratio"))
    number = quantity.value
    if quantity.decided and number in range(len(style.small)):
        return style.small[int(number)]
    return str(quantity)


def ordinal(value: object, style: NumberStyle) -> str:
    """Print the place in an order: ``3rd``."""
    quantity = _quantity(value, "ordinal", ("count", "number"))
    if not quantity.decided or quantity.value != int(quantity.value) or quantity.value < 0:
        raise KindError("the filter `ordinal` takes a whole number")
    return numbers.ordinal(int(quantity.value), style)


def interval(value: object, style: NumberStyle, digits: int = 1) -> str:
    """Print the 95 % interval: ``62.2–64.0 %``, of a difference ``−0.8 to 1.2 points``."""
    quantity, places = _quantity(value, "interval", ("share", "points", "amount", "ratio")), _digits(digits)
    return _plain(quantity, lambda _: quantity.shown_interval(style, places))


def with_spread(value: object, style: NumberStyle, digits: int = 1) -> str:
    """Print mean and standard deviation over seeds: ``63.1 ± 0.4 %``."""
    quantity, places = _quantity(value, "with_spread"), _digits(digits)
    if not quantity.decided:
        return str(quantity)
    spread = quantity.spread.value
    if quantity.kind == "share":
        mean = numbers.decimal(100 * quantity.value, places, style)
        return f"{mean}{NBSP}±{NBSP}{numbers.percent(spread, places, style)}"
    mean = numbers.decimal(quantity.value, places, style)
    return f"{mean}{NBSP}±{NBSP}{numbers.decimal(spread, places, style)}"


def listed(value: object, style: NumberStyle) -> str:
    """Print a list as ``cat, dog and frog``."""
    if not isinstance(value, tuple | Series):
        raise KindError("the filter `listed` takes a list")
    if isinstance(value, Series) and value.missing:
        raise MissingError(f"{value.name}: {value.missing}")
    items = [str(item) for item in value if isinstance(item, str | int | float | Quantity)]
    if len(items) < len(tuple(value)):
        raise KindError("the filter `listed` takes a list of words or numbers")
    return f" {style.conjunction} ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def length(value: object, style: NumberStyle) -> str:
    """Print how many entries a list has."""
    if not isinstance(value, tuple | Series) and not (
        isinstance(value, Namespace) and hasattr(value, "__len__")
    ):
        raise KindError("the filter `length` takes a list")
    return numbers.decimal(len(value), 0, style)


def _cased(change: Callable[[str], str], name: str) -> Callable[[object, NumberStyle], str]:
    def cased(value: object, style: NumberStyle) -> str:
        if not isinstance(value, str):
            raise KindError(f"the filter `{name}` takes a word")
        return change(value)

    cased.__doc__ = f"Print a word in {name} letters."
    return cased


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "percent": percent,
    "points": points,
    "decimal": decimal,
    "scientific": scientific,
    "count": count,
    "ratio": ratio,
    "seconds": seconds,
    "minutes": minutes,
    "size": size,
    "words": words,
    "ordinal": ordinal,
    "interval": interval,
    "with_spread": with_spread,
    "listed": listed,
    "length": length,
    "capitalized": _cased(lambda text: text[:1].upper() + text[1:], "capitalized"),
    "lower": _cased(str.lower, "lower"),
    "upper": _cased(str.upper, "upper"),
}
