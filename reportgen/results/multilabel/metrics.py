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
from reportgen.results.metrics import ADDED, Cells, Counts, Slope, Value
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


def of_label(value: Value, slope: Slope, rank: int) -> Metric:
    """Return a metric of one label."""

    def metric(true: Labels, predicted: Labels) -> Smoothed | None:
        return _of_matrix(true[:, [rank]], predicted[:, [rank]], value, slope)

    return metric


def pooled(value: Value, slope: Slope) -> Metric:
    """Return a metric of all labels taken together."""

    def metric(true: Labels, predicted: Labels) -> Smoothed | None:
        return _of_matrix(true, predicted, value, slope)

    return metric


def macro(value: Value, slope: Slope) -> Metric:
    """Return the mean of a metric over the labels for which it is defined."""

    def metric(true: Labels, predicted: Labels) -> Smoothed | None:
        found = [of_label(value, slope, rank)(true, predicted) for rank in range(true.shape[1])]
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


def f1(counts: Counts) -> Fraction | None:
    """Return the harmonic mean of recall and precision of yes; None where it does not occur."""
    return metrics.f1(counts, 1)


def wrong(counts: Counts) -> Fraction:
    """Return the share of wrong answers."""
    return Fraction(int(counts[0, 1] + counts[1, 0]), int(counts.sum()))


def wrong_slope(cells: Cells) -> Cells:
    """Return the gradient of `wrong`."""
    size = cells.sum()
    share = (cells[0, 1] + cells[1, 0]) / size
    slope: Cells = (np.array([[0.0, 1.0], [1.0, 0.0]]) - share) / size
    return slope


MICRO_F1 = pooled(f1, metrics.f1_slope(1))
MACRO_F1 = macro(f1, metrics.f1_slope(1))
HAMMING = pooled(wrong, wrong_slope)


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


def _of_matrix(true: Labels, predicted: Labels, value: Value, slope: Slope) -> Smoothed | None:
    """Return a metric of the matrix of no and yes over all columns."""
    cells = true.astype(np.int64) * 2 + predicted
    counts = np.bincount(cells.ravel(), minlength=4).reshape(2, 2)
    measured = value(counts)
    if measured is None:
        return None
    smooth = counts.astype(np.float64) + ADDED / 4
    pull = slope(smooth).ravel() * (len(true) + ADDED)
    return Smoothed(measured, pull[cells].sum(axis=1), ADDED / 4 * float((pull**2).sum()))
