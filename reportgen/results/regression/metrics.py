"""Metrics of predicted numbers, each with what every item contributes to its sampling error.

A metric is a smooth function of means over items, so its error follows from the influence of the items (the
delta method; Casella and Berger, 2002, section 5.5.4). Over several seeds the noise of training is added, as
for accuracies. The median is no such function: its interval is that of order statistics.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
from numpy.typing import NDArray

from reportgen.results.distributions import two_sided
from reportgen.results.noise import sampling, total, training
from reportgen.results.statistics import LEVEL, Interval

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A metric of one run, and the influence of each item on it, shape (n,), whose mean is 0."""

    value: float
    influence: Numbers


Metric = Callable[[Numbers, Numbers], Estimate | None]


def mean_absolute_error(true: Numbers, predicted: Numbers) -> Estimate:
    """Return the mean of the absolute errors."""
    return _mean(np.abs(predicted - true))


def bias(true: Numbers, predicted: Numbers) -> Estimate:
    """Return the mean of predicted minus true."""
    return _mean(predicted - true)


def root_mean_squared_error(true: Numbers, predicted: Numbers) -> Estimate:
    """Return the root of the mean squared error."""
    squares = _mean((predicted - true) ** 2)
    root = sqrt(squares.value)
    return Estimate(root, squares.influence / (2 * root) if root else squares.influence)


def explained(true: Numbers, predicted: Numbers) -> Estimate | None:
    """Return R²: the share of their variance that is explained; None where true numbers are equal."""
    errors, spread = _mean((predicted - true) ** 2), _mean((true - true.mean()) ** 2)
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


def interval(runs: Sequence[Estimate], lowest: float = -inf, highest: float = inf) -> Interval:
    """Return the 95 % interval of a metric, or of its mean over several runs on the same items."""
    influences = np.stack([run.influence for run in runs])
    mean = float(np.mean([run.value for run in runs]))
    if len(runs) == 1:
        noise = sampling(influences[0])
    else:
        values = np.array([[run.value] for run in runs]) + influences
        runs_noise, within = training(values)
        noise = total(runs_noise, sampling(influences.mean(axis=0), within))
    reach = two_sided(LEVEL, noise.freedom) * sqrt(noise.square)
    return Interval(max(mean - reach, lowest), min(mean + reach, highest))


def interval_of_median(values: Numbers) -> Interval:
    """Return the 95 % interval of a median, from order statistics; with few items it is all of the range."""
    ordered, count = np.sort(values), len(values)
    reach = two_sided(LEVEL) * sqrt(count) / 2
    low, high = int(np.floor(count / 2 - reach)), int(np.ceil(count / 2 + reach))
    return Interval(float(ordered[max(low, 0)]), float(ordered[min(high, count - 1)]))


def _mean(values: Numbers) -> Estimate:
    mean = float(values.mean())
    return Estimate(mean, values - mean)
