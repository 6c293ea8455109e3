"""Linear forms: what an expression computes, as a sum of facts times constants.

``cnn.test.accuracy - fc.test.accuracy - 0.02`` is the form with the coefficients 1 and −1 and the
constant −0.02. The forms of two expressions tell whether they are the same, whatever the facts are; the
range of a form tells between which values it lies, because a share lies between 0 and 1 and a count is
not negative.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from reportgen.language.numbers import Kind

Bound = Fraction | None
Range = tuple[Bound, Bound]

ANY: Final[Range] = (None, None)
NOT_NEGATIVE: Final[Range] = (Fraction(0), None)
RANGES: Final[Mapping[Kind, Range]] = {
    "share": (Fraction(0), Fraction(1)),
    "probability": (Fraction(0), Fraction(1)),
    "points": (Fraction(-1), Fraction(1)),
    "count": NOT_NEGATIVE,
    "seconds": NOT_NEGATIVE,
}


@dataclass(frozen=True)
class Form:
    """A constant plus a sum of quantities times coefficients; `ranges` says where each quantity lies."""

    constant: Fraction = Fraction(0)
    terms: Mapping[str, Fraction] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)

    def plus(self, other: Form, factor: Fraction = Fraction(1)) -> Form:
        """Return ``self + factor * other``."""
        terms = dict(self.terms)
        for name, coefficient in other.terms.items():
            terms[name] = terms.get(name, Fraction(0)) + factor * coefficient
        kept = {name: coefficient for name, coefficient in terms.items() if coefficient}
        return Form(self.constant + factor * other.constant, kept, {**self.ranges, **other.ranges})

    def times(self, factor: Fraction) -> Form:
        """Return ``factor * self``."""
        return Form().plus(self, factor)

    def over(self, other: Form) -> Fraction | None:
        """Return the constant that this form is times the other, or None where it is not."""
        if not other.terms:
            return None
        name, coefficient = next(iter(other.terms.items()))
        factor = self.terms.get(name, Fraction(0)) / coefficient
        rest = self.plus(other, -factor)
        return None if rest.terms or rest.constant else factor

    @property
    def range(self) -> Range:
        """The least and the greatest value that the form can have."""
        low: Bound = self.constant
        high: Bound = self.constant
        for name, coefficient in self.terms.items():
            ends = self.ranges[name] if coefficient > 0 else self.ranges[name][::-1]
            low = None if low is None or ends[0] is None else low + coefficient * ends[0]
            high = None if high is None or ends[1] is None else high + coefficient * ends[1]
        return low, high

    def normal(self) -> tuple[Fraction, Form]:
        """Return the form divided by its first coefficient and without its constant, and that coefficient."""
        lead = self.terms[min(self.terms)]
        return lead, Form(Fraction(0), self.times(1 / lead).terms, self.ranges)


def atom(name: str, within: Range = ANY) -> Form:
    """Return the form of one quantity."""
    return Form(Fraction(0), {name: Fraction(1)}, {name: within})


def hull(*forms: Form) -> Range:
    """Return the least range that holds all that some forms can be."""
    lows, highs = zip(*(form.range for form in forms), strict=True)
    low = None if None in lows else min(lows)
    return low, None if None in highs else max(highs)
