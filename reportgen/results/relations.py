"""Relations between splits: the statistical tests that a claim may ask for.

``cnn.test is significantly_better_than(fc.test)``; of a model they mean its test split.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import inf
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from reportgen.language import (
    Comparable,
    Kind,
    KindError,
    MissingError,
    Namespace,
    NumberStyle,
    Quantity,
    TestOutcome,
)
from reportgen.language.member_access import reached
from reportgen.language.numbers import printed
from reportgen.results.measures import Measure, between
from reportgen.results.noise import Scores
from reportgen.results.quantity_maker import Maker
from reportgen.results.statistics import ALPHA, MARGIN, Comparison

RELATIONS: Final[Mapping[str, str]] = {
    name: name
    for name in (
        "significantly_better_than",
        "significantly_worse_than",
        "significantly_different_from",
        "indistinguishable_from",
    )
}
_METHODS: Final = {
    "mcnemar": "exact McNemar test",
    "errors": "paired t test of the errors",
    "swaps": "permutation test that swaps the answers of the two, item by item",
    "seeds": "t test over seeds and items",
    "unpaired": "unpaired test",
}


class Related(Comparable):
    """What was measured on one split, once for each seed, and what may be claimed of two such.

    Attributes
    ----------
    data : str
        Name of the data set and the split: what makes items the same.
    kind : str
        Of a difference.
    sign : {1, -1}
        Whether a higher or a lower score is better.
    margin : float or None
        Of equivalence, where a claim names none.
    variants : int
        How many models its family has; 1 for a model by itself.
    """

    relations = RELATIONS
    data: str
    kind: Kind
    sign: int
    margin: float | None = None
    variants: int = 1
    _maker: Maker

    @property
    def labels(self) -> NDArray[Any]:
        """True class or number of every item, shape (n,)."""
        raise NotImplementedError

    @property
    def scores(self) -> Scores:
        """Whether each item was classified right, or the absolute error on it, shape (seeds, n)."""
        raise NotImplementedError

    @property
    def measure(self) -> Quantity:
        """Their mean."""
        raise NotImplementedError

    def measured_by(self, by: str) -> Measure:
        """Return the measure that a comparison rests on, by its name; without one the usual one."""
        if by in ("", self.measure.name.rpartition(".")[2]):
            if self.measure.missing:
                raise MissingError(f"{self.name}: {self.measure.missing}")
            return Measure(self.scores, self.kind, self.sign)
        return self._measured_by(by)

    def _measured_by(self, by: str) -> Measure:
        raise NotImplementedError

    def headline_by(self, by: str) -> tuple[object, ...]:
        """Return the fact that a comparison by a measure rests on."""
        self.measured_by(by)  # says what is wrong with the name
        return (reached(self, self.fact_of(by)),)

    def fact_of(self, by: str) -> str:
        """Return which fact a measure is."""
        return by

    def like(self, other: object) -> Related:
        """Return `other` as a split of the same task; of a model its test split."""
        raise NotImplementedError

    def difference(self, other: object) -> Namespace:
        """Return what the measurements say about the usual measure of this minus that of the other."""
        raise NotImplementedError

    def significantly_better_than(self, other: object, by: object = "") -> TestOutcome:
        """Hold where it is better, and by more than chance explains."""
        return tested(self, self.like(other), sign=1, style=self._maker.style, by=str(by))

    def significantly_worse_than(self, other: object, by: object = "") -> TestOutcome:
        """Hold where it is worse, and by more than chance explains."""
        return tested(self, self.like(other), sign=-1, style=self._maker.style, by=str(by))

    def significantly_different_from(self, other: object, by: object = "") -> TestOutcome:
        """Hold where the two differ by more than chance explains."""
        return tested(self, self.like(other), sign=0, style=self._maker.style, by=str(by))

    def indistinguishable_from(self, other: object, margin: object = None, by: object = "") -> TestOutcome:
        """Hold where the two are shown to differ by less than `margin`: a share, or an amount."""
        usual = self.margin if self.measured_by(str(by)).kind == "points" else None
        chosen = usual if margin is None else margin
        return equivalence(self, self.like(other), margin=chosen, style=self._maker.style, by=str(by))


@lru_cache(maxsize=64)
def compared(a: Related, b: Related, by: str = "") -> Comparison:
    """Compare two accuracies, or mean errors, on the same items; of one pair, the comparison is made once.

    `by` names another measure.

    Raises
    ------
    KindError
        If the items are not the same.
    MissingError
        If one of the two was not measured.
    """
    if a.name == b.name:
        raise KindError(f"{a.name} is compared with itself")
    if a.data != b.data:
        raise KindError(
            f"{a.name} and {b.name} were measured on different items", "compare splits of one data set"
        )
    for side in (a, b):
        if side.measure.missing:
            raise MissingError(f"{side.name}: {side.measure.missing}")
    if not np.array_equal(a.labels, b.labels):
        raise KindError(
            f"{a.name} and {b.name} were measured on different items", "compare splits of one data set"
        )
    return between(a.measured_by(by), b.measured_by(by))


def method_of(result: Comparison, measure: Measure) -> str:
    """Return what the test of a comparison by some measure is called."""
    single = measure.method if result.method == "errors" else ""
    return single or _METHODS[result.method]


def tested(a: Related, b: Related, *, sign: int, style: NumberStyle, by: str = "") -> TestOutcome:
    """Test whether one is better; `sign` is 1 for better, -1 for worse, 0 for either."""
    result = compared(a, b, by)
    measure = a.measured_by(by)
    supported = result.difference * sign * measure.sign > 0 if sign else True
    low, high = sorted((a.name, b.name))
    text = _words(result, measure, result.p_value, style, by=by) + _tried(a, b)
    hypothesis, tries = f"{low} = {high}{_by(by)}", a.variants * b.variants
    return TestOutcome(hypothesis, result.p_value, supported, ALPHA, text, tries)


def equivalence(
    a: Related, b: Related, *, margin: object = MARGIN, style: NumberStyle, by: str = ""
) -> TestOutcome:
    """Test whether the two differ by less than `margin`: of accuracies a share of 1, else an amount.

    A difference that is itself significant supports no such claim, however small it is.
    """
    measure = a.measured_by(by)
    number = isinstance(margin, float | int) and not isinstance(margin, bool)
    if not number or not 0 < margin < (1 if measure.kind == "points" else inf):  # type: ignore[operator]
        what = "a share such as 0.02, for 2 points" if measure.kind == "points" else "an amount above 0"
        raise KindError(f"a margin is {what}")
    result = compared(a, b, by)
    low, high = sorted((a.name, b.name))
    limit = float(margin)  # type: ignore[arg-type]
    p_value = result.equivalence(limit)
    within = f", within {printed(limit, measure.kind, style)}"
    return TestOutcome(
        f"|{low} - {high}| >= {limit:g}{_by(by)}",
        p_value,
        result.p_value > ALPHA,
        ALPHA,
        _words(result, measure, p_value, style, within, by) + _tried(a, b),
        a.variants * b.variants,
    )


def _tried(a: Related, b: Related) -> str:
    """Return how many tests this one counts as, where variants were tried; else nothing."""
    tries = a.variants * b.variants
    return f"; of {tries} variants, and counts as {tries} tests" if tries > 1 else ""


def _by(by: str) -> str:
    return f" by {by}" if by else ""


def _words(
    result: Comparison, measure: Measure, p_value: float, style: NumberStyle, within: str = "", by: str = ""
) -> str:
    interval = result.interval
    measured, lower, upper = (
        printed(value, measure.kind, style) for value in (result.difference, interval.lower, interval.upper)
    )
    p = printed(p_value, "probability", style)
    method = f"two one-sided tests{within}" if within else method_of(result, measure)
    shown = p if p.startswith("<") else f"= {p}"
    what = f"difference in {by}" if by else "difference"
    return f"{what} {measured} (95 % interval {lower} to {upper}), p {shown}, {method}, {result.scope}"
