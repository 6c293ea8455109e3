"""Exact numbers: a decimal is the decimal typed, an accuracy is a count over a count.

``0.41 - 0.39`` is not ``0.02`` in binary floating point, and the mean of three times 70 of 100 is not
``0.7``. So what is known exactly carries a fraction along, and is compared by it; what was measured in
floating point, such as a loss, stays as it is.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

CLOSE: Final = 1e-7  # beyond what single precision does to a share
OPERATIONS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


class Rational(float):
    """A bare number that arithmetic gave, with its exact value."""

    __slots__ = ("exact",)

    exact: Fraction

    def __new__(cls, exact: Fraction) -> Rational:
        """Return the number; OverflowError if it is beyond floating point."""
        number = super().__new__(cls, float(exact))
        number.exact = exact
        return number

    def __neg__(self) -> Rational:
        return Rational(-self.exact)

    def __abs__(self) -> Rational:
        return Rational(abs(self.exact))


def exactly(value: object) -> Fraction | None:
    """Return the exact value of a number, or None where floating point is all there is.

    A bare float is the shortest decimal that reads as it: what its author typed.
    """
    if hasattr(value, "exact"):
        found: Fraction | None = value.exact
        return found
    if isinstance(value, int | Fraction):
        return Fraction(value)
    if isinstance(value, float) and math.isfinite(value):
        return Fraction(repr(value))
    return None


def comparable(*values: object) -> tuple[Any, ...]:
    """Return numbers as they are compared and calculated with: all exact, or all as floats."""
    found = tuple(map(exactly, values))
    return tuple(map(float, values)) if None in found else found  # type: ignore[arg-type]


def calculated(left: object, sign: str, right: object) -> tuple[float, Fraction | None]:
    """Return ``left sign right`` as a float, and exactly where both sides are exact.

    Raises
    ------
    ZeroDivisionError, OverflowError
    """
    a, b = comparable(left, right)
    result = OPERATIONS[sign](a, b)
    return float(result), result if isinstance(result, Fraction) else None


def mean(values: Sequence[object]) -> tuple[float, Fraction | None]:
    """Return the mean of some numbers as a float, and exactly where all of them are exact."""
    found = comparable(*values)
    if isinstance(found[0], float):
        return math.fsum(found) / len(found), None
    exact = sum(found, Fraction(0)) / len(found)
    return float(exact), exact


def counted(value: float, total: int) -> Fraction | float:
    """Return the share of `total` that was written as `value`; the value itself where it is no such share."""
    share = Fraction(round(value * total), total) if total > 0 and math.isfinite(value) else None
    return value if share is None or abs(value - share) > CLOSE else share
