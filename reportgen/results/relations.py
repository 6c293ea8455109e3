"""Relations between splits: the statistical tests that a claim may ask for.

``cnn.test is significantly_better_than(fc.test)``; of a model they mean its test split.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from reportgen.language import (
    KindError,
    MissingError,
    Namespace,
    NumberStyle,
    Quantity,
    Term,
    TestOutcome,
    published,
)
from reportgen.language.numbers import printed
from reportgen.results.maker import UNMEASURED, Maker
from reportgen.results.statistics import ALPHA, MARGIN, Comparison, compare

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
    "seeds": "t test over seeds and images",
    "unpaired": "unpaired test",
}


class Tested(Protocol):
    """What can be compared: the answers of a model on some images, once for each seed."""

    name: str
    data: str

    def __hash__(self) -> int:
        """One object is one measurement."""

    @property
    def labels(self) -> NDArray[np.uint8]:
        """True class of every image, shape (n,)."""

    @property
    def correct(self) -> NDArray[np.bool_]:
        """Whether each image was classified right, shape (seeds, n)."""

    @property
    def accuracy(self) -> Quantity:
        """Share of images classified right."""


@lru_cache(maxsize=64)
def compared(a: Tested, b: Tested) -> Comparison:
    """Compare two accuracies on the same images; of one pair, the comparison is made once.

    Raises
    ------
    KindError
        If the images are not the same.
    MissingError
        If one of the two was not measured.
    """
    if a.name == b.name:
        raise KindError(f"{a.name} is compared with itself")
    if a.data != b.data:
        raise KindError(
            f"{a.name} and {b.name} were measured on different images", "compare splits of one data set"
        )
    for side in (a, b):
        if side.accuracy.missing:
            raise MissingError(f"{side.name}: {side.accuracy.missing}")
    if not np.array_equal(a.labels, b.labels):
        raise KindError(
            f"{a.name} and {b.name} were measured on different images", "compare splits of one data set"
        )
    return compare(a.correct, b.correct)


class DifferenceFacts(Namespace):
    """What the measurements say about the accuracy of one split minus that of another.

    ``difference(cnn.test, fc.test).accuracy``; of a model its test split is meant.
    """

    def __init__(self, a: Tested, b: Tested, style: NumberStyle) -> None:
        self.name = f"difference({a.name}, {b.name})"
        self._maker = Maker(style)
        try:
            self._result: Comparison | None = compared(a, b)
        except MissingError:
            self._result = None
        self._measured = (a.accuracy - b.accuracy).exact

    @published
    def accuracy(self) -> Quantity:
        """The difference, with the interval that fits how it was measured."""
        name, result = f"{self.name}.accuracy", self._result
        if result is None:
            return self._maker.absent(name, "points")
        interval = result.interval
        bounds = (interval.lower, interval.upper)
        difference = result.difference if self._measured is None else self._measured
        return self._maker.measured(name, [difference], "points", bounds=lambda: bounds)

    @published
    def p_value(self) -> Quantity:
        """Two-sided p-value of the hypothesis that the accuracies are equal, of this test alone."""
        found = [self._result.p_value] if self._result else []
        return self._maker.measured(f"{self.name}.p_value", found, "probability")

    @published
    def method(self) -> Term:
        """The test."""
        text = _METHODS[self._result.method] if self._result else self._maker.style.unmeasured
        return Term(text, f"{self.name}.method", missing="" if self._result else UNMEASURED)

    @published
    def images(self) -> Quantity:
        """Number of images that the two were compared on."""
        found = [self._result.images] if self._result else []
        return self._maker.measured(f"{self.name}.images", found, "count")

    def headline(self, relation: str = "") -> tuple[object, ...]:
        """Return the difference."""
        return (self.accuracy,)


def tested(a: Tested, b: Tested, *, sign: int, style: NumberStyle) -> TestOutcome:
    """Test whether the accuracies differ; `sign` is 1 for higher, -1 for lower, 0 for either."""
    result = compared(a, b)
    supported = result.difference * sign > 0 if sign else True
    low, high = sorted((a.name, b.name))
    return TestOutcome(
        f"{low} = {high}", result.p_value, supported, ALPHA, _words(result, result.p_value, style)
    )


def equivalence(a: Tested, b: Tested, *, margin: object = MARGIN, style: NumberStyle) -> TestOutcome:
    """Test whether the accuracies differ by less than `margin`, a share of 1.

    A difference that is itself significant supports no such claim, however small it is.
    """
    if isinstance(margin, bool) or not isinstance(margin, float | int) or not 0 < margin < 1:
        raise KindError("a margin is a share such as 0.02, for 2 points")
    result = compared(a, b)
    low, high = sorted((a.name, b.name))
    p_value = result.equivalence(float(margin))
    within = f", within {printed(float(margin), 'points', style)}"
    return TestOutcome(
        f"|{low} - {high}| >= {margin:g}",
        p_value,
        result.p_value > ALPHA,
        ALPHA,
        _words(result, p_value, style, within),
    )


def _words(result: Comparison, p_value: float, style: NumberStyle, within: str = "") -> str:
    interval = result.interval
    measured, lower, upper = (
        printed(value, "points", style) for value in (result.difference, interval.lower, interval.upper)
    )
    p = printed(p_value, "probability", style)
    method = f"two one-sided tests{within}" if within else _METHODS[result.method]
    shown = p if p.startswith("<") else f"= {p}"
    return f"difference {measured} (95 % interval {lower} to {upper}), p {shown}, {method}, {result.scope}"
