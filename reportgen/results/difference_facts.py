"""The difference between two splits as facts: ``difference(cnn.test, fc.test).accuracy``."""

from __future__ import annotations

from reportgen.language import MissingError, Namespace, NumberStyle, Quantity, Term, published
from reportgen.results.quantity_maker import UNMEASURED, Maker
from reportgen.results.relations import Related, compared, method_of
from reportgen.results.statistics import Comparison


class DifferenceFacts(Namespace):
    """What the measurements say about one split minus another; of a model its test split is meant."""

    def __init__(self, a: Related, b: Related, style: NumberStyle) -> None:
        self.name = f"difference({a.name}, {b.name})"
        self._kind = a.kind
        self._maker = Maker(style)
        try:
            self._result: Comparison | None = compared(a, b)
        except MissingError:
            self._result = None
        self._method = method_of(self._result, a.measured_by("")) if self._result else ""
        self._measured = (a.measure - b.measure).exact

    def _difference(self, key: str) -> Quantity:
        name, result = f"{self.name}.{key}", self._result
        if result is None:
            return self._maker.absent(name, self._kind)
        difference = result.difference if self._measured is None else self._measured
        return self._maker.measured(name, [difference], self._kind, bounds=lambda: result.interval)

    @published
    def p_value(self) -> Quantity:
        """Two-sided p-value of the hypothesis that there is no difference, of this test alone."""
        found = [self._result.p_value] if self._result else []
        return self._maker.measured(f"{self.name}.p_value", found, "probability")

    @published
    def method(self) -> Term:
        """The test."""
        text = self._method or self._maker.style.unmeasured
        return Term(text, f"{self.name}.method", missing="" if self._result else UNMEASURED)

    @published
    def images(self) -> Quantity:
        """Number of items that the two were compared on."""
        found = [self._result.images] if self._result else []
        return self._maker.measured(f"{self.name}.images", found, "count")


class AccuracyDifference(DifferenceFacts):
    """The accuracy of one split minus that of another: ``difference(cnn.test, fc.test).accuracy``."""

    @published
    def accuracy(self) -> Quantity:
        """The difference, with the interval that fits how it was measured."""
        return self._difference("accuracy")

    def headline(self, relation: str = "") -> tuple[object, ...]:
        """Return the difference."""
        return (self.accuracy,)


class ErrorDifference(DifferenceFacts):
    """The mean absolute error of one split minus that of another: ``difference(net, forest).mae``."""

    @published
    def mae(self) -> Quantity:
        """The difference, with the interval that fits how it was measured."""
        return self._difference("mae")

    def headline(self, relation: str = "") -> tuple[object, ...]:
        """Return the difference."""
        return (self.mae,)
