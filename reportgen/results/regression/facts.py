"""Measurements of predicted numbers on one split, as facts."""

from __future__ import annotations

from functools import cached_property, partial
from math import inf

import numpy as np
from numpy.typing import NDArray

from reportgen.language import Kind, KindError, Quantity, published
from reportgen.results.difference_facts import ErrorDifference
from reportgen.results.influence import Estimate, interval
from reportgen.results.measures import Measure, of_errors
from reportgen.results.on_split import OnSplit
from reportgen.results.quantity_maker import UNDEFINED
from reportgen.results.regression import metrics
from reportgen.results.regression.metrics import Metric


class RegressionFacts(OnSplit):
    """What was measured on one split of a model that predicts a number, over all seeds.

    Amounts are in the unit of the target.
    """

    kind: Kind = "amount"
    sign = -1

    # ---- arrays, for figures and statistics -----------------------------------------------------

    @cached_property
    def errors(self) -> NDArray[np.float64]:
        """Predicted minus true, shape (seeds, n)."""
        return np.stack([run.predicted - run.labels for run in self.runs])

    @property
    def scores(self) -> NDArray[np.float64]:
        """Absolute errors, shape (seeds, n)."""
        return np.abs(self.errors)

    # ---- facts ----------------------------------------------------------------------------------

    @published
    def mae(self) -> Quantity:
        """Mean absolute error; its mean over seeds where there are several."""
        return self._metric("mae", "amount", metrics.mean_absolute_error, lowest=0.0)

    @published
    def rmse(self) -> Quantity:
        """Root of the mean squared error."""
        return self._metric("rmse", "amount", metrics.root_mean_squared_error, lowest=0.0)

    @published
    def r2(self) -> Quantity:
        """Share of the variance of the true numbers that is explained: 0 for always answering their mean."""
        return self._metric("r2", "ratio", metrics.explained, highest=1.0)

    @published
    def bias(self) -> Quantity:
        """Mean of predicted minus true: above zero where predictions are too high."""
        return self._metric("bias", "amount", metrics.bias)

    @published
    def median_error(self) -> Quantity:
        """Median absolute error; its mean over seeds where there are several."""
        name = f"{self.name}.median_error"
        if self._maker.missing:
            return self._maker.absent(name, "amount")
        values = [metrics.median_absolute_error(run.labels, run.predicted) for run in self.runs]

        bounds = partial(metrics.interval_of_median, self.scores[0]) if len(values) == 1 else None
        return self._maker.measured(name, values, "amount", bounds=bounds)

    @published
    def baseline(self) -> Quantity:
        """Mean absolute error of always answering the mean of the true numbers."""
        name = f"{self.name}.baseline"
        if not self.runs or self._maker.missing:
            return self._maker.absent(name, "amount")
        return self._maker.measured(name, [metrics.baseline(self.labels)], "amount")

    def headline(self, relation: str = "") -> tuple[object, ...]:
        """Return the mean absolute error."""
        return (self.mae,)

    # ---- relations ------------------------------------------------------------------------------

    @property
    def measure(self) -> Quantity:
        """The mean absolute error."""
        return self.mae

    def _measured_by(self, by: str) -> Measure:
        return of_errors(self.name, by, self.runs)

    def like(self, other: object) -> RegressionFacts:
        """Return a split, or the test split of a model."""
        split = other if isinstance(other, RegressionFacts) else getattr(other, "test", None)
        if not isinstance(split, RegressionFacts):
            raise KindError("a mean error is compared with that of a model or split, such as `forest.test`")
        return split

    def difference(self, other: object) -> ErrorDifference:
        """Return what the measurements say about this mean absolute error minus the other's."""
        return ErrorDifference(self, self.like(other), self._maker.style)

    # ---- helpers --------------------------------------------------------------------------------

    def _metric(
        self, key: str, kind: Kind, metric: Metric, lowest: float = -inf, highest: float = inf
    ) -> Quantity:
        name = f"{self.name}.{key}"
        if not self.runs or self._maker.missing:
            return self._maker.absent(name, kind)
        found = [metric(run.labels, run.predicted) for run in self.runs]
        there: list[Estimate] = [each for each in found if each is not None]
        if len(there) < len(found):
            return self._maker.absent(name, kind, UNDEFINED)

        values = [each.value for each in there]
        owner = self if key == "mae" else None
        return self._maker.measured(
            name, values, kind, bounds=partial(interval, there, lowest, highest), owner=owner
        )
