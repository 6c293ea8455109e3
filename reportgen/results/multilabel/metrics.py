"""Metrics of several labels an item, each with the influence of every item on it.

Of one label, and of all labels taken together, they are metrics of a confusion matrix of no and yes, with the
four observations that are added there (see `results.metrics`). What is drawn by chance are the items, each
with all of its labels.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from reportgen.results import metrics
from reportgen.results.distributions import two_sided
from reportgen.results.influence import Estimate, Numbers
from reportgen.results.metrics import ADDED, Gradient, Margins
from reportgen.results.noise import Noise, total
from reportgen.results.statistics import LEVEL, Interval

Labels = NDArray[np.bool_]


@dataclass(frozen=True)
class Smoothed:
    """A metric of one run.

    Attributes
    ----------
    value : float or Fraction
        As measured.
    influence : ndarray, shape (n,)
        Of each item, where four observations were added.
    added : float
        The sum of the squared influences of what was added.
    """

    value: float | Fraction
    influence: Numbers
    added: float

    @property
    def estimate(self) -> Estimate:
        """The metric, and influences whose mean is 0."""
        return Estimate(float(self.value), self.influence - self.influence.mean())


Metric = Callable[[Labels, Labels], Smoothed | None]


def of_label(of: metrics.Metric, rank: int) -> Metric:
    """Return a metric of one label."""

    def metric(true: Labels, predicted: Labels) -> Smoothed | None:
        return _of_matrix(true[:, [rank]], predicted[:, [rank]], of)

    return metric


def pooled(of: metrics.Metric) -> Metric:
    """Return a metric of all labels taken together."""

    def metric(true: Labels, predicted: Labels) -> Smoothed | None:
        return _of_matrix(true, predicted, of)

    return metric


def macro(of: metrics.Metric) -> Metric:
    """Return the mean of a metric over the labels for which it is defined."""

    def metric(true: Labels, predicted: Labels) -> Smoothed | None:
        found = [of_label(of, rank)(true, predicted) for rank in range(true.shape[1])]
        there = [each for each in found if each is not None]
        if not there:
            return None
        mean: Fraction | float = sum(each.value for each in there) / len(there)
        influence = np.mean([each.influence for each in there], axis=0)
        return Smoothed(mean, influence, sum(each.added for each in there) / len(there) ** 2)

    return metric


def samples_f1(true: Labels, predicted: Labels) -> Smoothed:
    """Return the mean F1 of the items; 0 of one that has no labels and gets none, as in scikit-learn."""
    both, seen = (true & predicted).sum(axis=1), true.sum(axis=1) + predicted.sum(axis=1)
    values = np.divide(2.0 * both, seen, out=np.zeros(len(true)), where=seen > 0)
    return Smoothed(float(values.mean()), values - values.mean(), ADDED / 4)


def _wrong(found: Margins) -> Fraction:
    return Fraction(int(found.size - found.hits.sum()), int(found.size))


def _wrong_slope(found: Margins) -> Gradient:
    share = 1 - float(found.hits.sum()) / found.size
    row = np.full(found.classes, (1 - share) / found.size)
    return Gradient(np.full(found.classes, -1 / found.size), row, np.zeros(found.classes))


def _wrong_of_many(found: Margins) -> Numbers:
    share: Numbers = 1 - found.hits.sum(axis=-1) / found.size
    return share


F1 = metrics.f1(1)
"""Of a matrix of no and yes, F1 of yes."""
MICRO_F1 = pooled(F1)
MACRO_F1 = macro(F1)
HAMMING = pooled(metrics.Metric(_wrong, _wrong_slope, _wrong_of_many))


def micro_f1_of_many(found: Margins) -> Numbers:
    """Return F1 of all labels together, of many models by the margins of each label."""
    seen = found.true.sum(axis=-1) + found.taken.sum(axis=-1)
    hits = found.hits.sum(axis=-1)
    value: Numbers = np.divide(2.0 * hits, seen, out=np.full(np.shape(hits), np.nan), where=seen > 0)
    return value


def interval(runs: Sequence[Smoothed], lowest: float = 0.0, highest: float = 1.0) -> Interval:
    """Return the 95 % interval of a metric, or of its mean over several runs on the same items."""
    count, values = len(runs), [float(run.value) for run in runs]
    pulls = np.mean([run.influence for run in runs], axis=0)
    size = len(pulls) + ADDED
    added = float(np.mean([run.added for run in runs]))
    noise = Noise((float((pulls**2).sum()) + added) / size**2, len(pulls))
    if count > 1:
        noise = total(noise, Noise(float(np.var(values, ddof=1)) / count, count - 1))
    mean, reach = float(np.mean(values)), two_sided(LEVEL, noise.freedom) * sqrt(noise.square)
    return Interval(max(mean - reach, lowest), min(mean + reach, highest))


def _of_matrix(true: Labels, predicted: Labels, of: metrics.Metric) -> Smoothed | None:
    """Return a metric of the matrix of no and yes over all columns."""
    found = metrics.margins(true.ravel().astype(np.intp), predicted.ravel().astype(np.intp), 2)
    measured = of.value(found)
    if measured is None:
        return None
    slope, size = of.slope(found.smoothed), len(true) + ADDED
    pull = slope.at(true.astype(np.intp), predicted.astype(np.intp)) * size
    return Smoothed(measured, pull.sum(axis=1), ADDED / 4 * slope.squares * size**2)
