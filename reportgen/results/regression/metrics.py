"""Metrics of predicted numbers, each with the influence of every item on it.

The median is no smooth function of means: its interval is that of order statistics.
"""

from collections.abc import Callable
from math import sqrt

import numpy as np

from reportgen.results.distributions import two_sided
from reportgen.results.influence import Estimate, Numbers, mean_of
from reportgen.results.statistics import LEVEL, Interval

Metric = Callable[[Numbers, Numbers], Estimate | None]


def mean_absolute_error(true: Numbers, predicted: Numbers) -> Estimate:
    """Return the mean of the absolute errors."""
    return mean_of(np.abs(predicted - true))


def bias(true: Numbers, predicted: Numbers) -> Estimate:
    """Return the mean of predicted minus true."""
    return mean_of(predicted - true)


def root_mean_squared_error(true: Numbers, predicted: Numbers) -> Estimate:
    """Return the root of the mean squared error."""
    squares = mean_of((predicted - true) ** 2)
    root = sqrt(squares.value)
    return Estimate(root, squares.influence / (2 * root) if root else squares.influence)


def explained(true: Numbers, predicted: Numbers) -> Estimate | None:
    """Return R²: the share of their variance that is explained; None where true numbers are equal."""
    errors, spread = mean_of((predicted - true) ** 2), mean_of((true - true.mean()) ** 2)
    if not spread.value:
        return None
    influence = (errors.value * spread.influence / spread.value - errors.influence) / spread.value
    return Estimate(1 - errors.value / spread.value, influence)


def median_absolute_error(true: Numbers, predicted: Numbers) -> float:
    """Return the median of the absolute errors."""
    return float(np.median(np.abs(predicted - true)))


def baseline(true: Numbers) -> float:
    """Return the mean absolute error of always answering the mean of the true numbers."""
    return float(np.abs(true - true.mean()).mean())


def interval_of_median(values: Numbers) -> Interval:
    """Return the 95 % interval of a median, from order statistics; with few items it is all of the range."""
    ordered, count = np.sort(values), len(values)
    reach = two_sided(LEVEL) * sqrt(count) / 2
    low, high = int(np.floor(count / 2 - reach)), int(np.ceil(count / 2 + reach))
    return Interval(float(ordered[max(low, 0)]), float(ordered[min(high, count - 1)]))
