"""Metrics of a confusion matrix besides accuracy, exact, with intervals.

All of them follow from three numbers of each class: how many of its items were classified right, how many
there are, and how many were taken for it. So time and memory grow with classes, not with pairs of classes.

Every metric is a smooth function of the shares of the cells, so its sampling error follows from its gradient
(the delta method; Casella and Berger, 2002, section 5.5.4). As Agresti and Coull (1998) do for a share, four
observations are added first, spread over all cells: else a flawless classifier would have no error at all.
Over several seeds the noise of training is added, as for accuracies.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.results.distributions import two_sided
from reportgen.results.noise import Noise, total
from reportgen.results.statistics import LEVEL, Interval

Counts = NDArray[np.int64]
Numbers = NDArray[np.float64]
ADDED = 4.0  # observations


@dataclass(frozen=True)
class Margins:
    """What metrics need of a confusion matrix.

    Attributes
    ----------
    hits, true, taken : ndarray, shape (..., classes)
        Of each class how many items were classified right, are of it, and were taken for it; of several
        models on the same items a row each, but for `true`.
    size : float
        Number of items.
    """

    hits: NDArray[Any]
    true: NDArray[Any]
    taken: NDArray[Any]
    size: float

    @property
    def classes(self) -> int:
        """Number of classes."""
        return int(self.true.shape[-1])

    @property
    def smoothed(self) -> "Margins":
        """With four observations more, spread over all cells."""
        whole = ADDED / self.classes
        hits = self.hits + whole / self.classes
        return Margins(hits, self.true + whole, self.taken + whole, self.size + ADDED)


@dataclass(frozen=True)
class Gradient:
    """How a metric changes with each cell: by ``row[i] + column[j]``, where i is j ``diagonal[i]`` more."""

    diagonal: Numbers
    row: Numbers
    column: Numbers

    def at(self, labels: NDArray[np.integer], predicted: NDArray[np.integer]) -> Numbers:
        """Return the change with each item's cell, shape (items,)."""
        hit = np.where(labels == predicted, self.diagonal[labels], 0.0)
        found: Numbers = self.row[labels] + self.column[predicted] + hit
        return found

    @property
    def squares(self) -> float:
        """The sum of the squares over all cells."""
        both, classes = self.row + self.column, len(self.row)
        of_all = classes * float(self.row @ self.row + self.column @ self.column)
        of_all += 2 * float(self.row.sum() * self.column.sum())
        return of_all + float(((both + self.diagonal) ** 2 - both**2).sum())


@dataclass(frozen=True, eq=False)
class Guesses:
    """What one trained model takes items for.

    Attributes
    ----------
    labels, predicted : ndarray of uint8 or uint16, shape (items,)
        True classes, and predicted ones.
    classes : int
        How many there are.
    """

    labels: NDArray[np.integer]
    predicted: NDArray[np.integer]
    classes: int

    @cached_property
    def margins(self) -> Margins:
        """The margins of its confusion matrix; all metrics share them."""
        return margins(self.labels, self.predicted, self.classes)

    @cached_property
    def occurring(self) -> "Guesses":
        """The same without classes that do not occur: they take no part."""
        there = np.unique(self.labels)
        if len(there) == self.classes or not np.isin(self.predicted, there).all():
            return self
        place = np.searchsorted(there, np.arange(self.classes))
        return Guesses(place[self.labels], place[self.predicted], len(there))


Value = Callable[[Margins], Fraction | float | None]
Slope = Callable[[Margins], Gradient]
Many = Callable[[Margins], Numbers]


@dataclass(frozen=True)
class Metric:
    """A metric: its exact value, its gradient, the values of many models at once (NaN where undefined).

    Of one that is `of_all` classes, those without items take no part; else its class keeps its place.
    """

    value: Value
    slope: Slope
    many: Many
    of_all: bool = True


def f1(label: int) -> Metric:
    """Return F1 of a class, the harmonic mean of recall and precision; undefined where it does not occur."""

    def value(found: Margins) -> Fraction | None:
        seen = int(found.true[label] + found.taken[label])
        return Fraction(2 * int(found.hits[label]), seen) if seen else None

    def slope(found: Margins) -> Gradient:
        seen = found.true[label] + found.taken[label]
        diagonal, row, column = np.zeros((3, found.classes))
        row[label] = column[label] = -2 * found.hits[label] / seen**2
        diagonal[label] = 2 / seen
        return Gradient(diagonal, row, column)

    return Metric(value, slope, lambda found: _f1_of_each(found)[..., label], of_all=False)


def _f1_of_each(found: Margins) -> Numbers:
    seen = found.true + found.taken
    each: Numbers = np.divide(2.0 * found.hits, seen, out=np.full(seen.shape, np.nan), where=seen > 0)
    return each


def _macro_f1(found: Margins) -> Fraction | None:
    pairs = zip(found.hits.tolist(), (found.true + found.taken).tolist(), strict=True)
    return _mean([Fraction(2 * hits, seen) for hits, seen in pairs if seen])


def _macro_f1_slope(found: Margins) -> Gradient:
    seen, classes = found.true + found.taken, found.classes
    loss = -2 * found.hits / seen**2 / classes
    return Gradient(2 / seen / classes, loss, loss)


def _balanced(found: Margins) -> Fraction | None:
    pairs = zip(found.hits.tolist(), found.true.tolist(), strict=True)
    return _mean([Fraction(hits, there) for hits, there in pairs if there])


def _balanced_slope(found: Margins) -> Gradient:
    row = -found.hits / found.true**2 / found.classes
    return Gradient(1 / found.true / found.classes, row, np.zeros(found.classes))


def _balanced_of_many(found: Margins) -> Numbers:
    there = found.true > 0
    mean: Numbers = (found.hits[..., there] / found.true[there]).mean(axis=-1)
    return mean


def _matthews(found: Margins) -> float | None:
    value = float(_matthews_of_many(found))
    return None if np.isnan(value) else value


def _matthews_of_many(found: Margins) -> Numbers:
    rows, columns, size = (
        each.astype(np.float64) for each in (found.true, found.taken, np.array(found.size))
    )
    spread = (size**2 - (columns**2).sum(axis=-1)) * (size**2 - rows @ rows)
    above = found.hits.sum(axis=-1) * size - columns @ rows
    value: Numbers = np.divide(
        above, np.sqrt(spread), out=np.full(np.shape(spread), np.nan), where=spread > 0
    )
    return value


def _matthews_slope(found: Margins) -> Gradient:
    rows, columns, size = found.true, found.taken, found.size
    right = float(found.hits.sum())
    across, down = float(size**2 - columns @ columns), float(size**2 - rows @ rows)
    above, root = float(right * size - rows @ columns), sqrt(across * down)
    row = right - columns - above / 2 * (2 * size - 2 * rows) / down
    column = -rows - above / 2 * (2 * size - 2 * columns) / across
    return Gradient(np.full(found.classes, size / root), row / root, column / root)


MACRO_F1 = Metric(_macro_f1, _macro_f1_slope, lambda found: np.nanmean(_f1_of_each(found), axis=-1))
"""The mean of F1 over the classes that occur."""
BALANCED_ACCURACY = Metric(_balanced, _balanced_slope, _balanced_of_many)
"""The mean of recall over the classes that have items."""
MATTHEWS = Metric(_matthews, _matthews_slope, _matthews_of_many)
"""Matthews's correlation of true and predicted classes; undefined where one of them never varies."""


def majority(found: Margins) -> Fraction:
    """Return the accuracy of always answering the most frequent class."""
    return Fraction(int(found.true.max()), int(found.size))


def interval(runs: Sequence[Guesses], metric: Metric, limits: tuple[float, float] = (0.0, 1.0)) -> Interval:
    """Return the 95 % interval of a metric, or of its mean over several runs.

    Parameters
    ----------
    runs : sequence of Guesses
        Of models trained alike, on the same items.
    limits : tuple of float
        Its lowest and highest value.
    """
    chosen = [run.occurring if metric.of_all else run for run in runs]
    count, items = len(chosen), len(chosen[0].labels)
    values, pulls, spread = [], np.zeros(items), 0.0
    for run in chosen:
        smooth = run.margins.smoothed
        slope = metric.slope(smooth)
        values.append(float(metric.value(run.margins) or 0.0))
        pulls += slope.at(run.labels, run.predicted) * smooth.size / count
        spread += ADDED / run.classes**2 * slope.squares * smooth.size**2 / count
    size = items + ADDED
    noise = Noise((float((pulls**2).sum()) + spread) / size**2, items)
    if count > 1:
        noise = total(noise, Noise(float(np.var(values, ddof=1)) / count, count - 1))
    mean, reach = float(np.mean(values)), two_sided(LEVEL, noise.freedom) * sqrt(noise.square)
    return Interval(max(mean - reach, limits[0]), min(mean + reach, limits[1]))


def margins(labels: NDArray[np.integer], predicted: NDArray[np.integer], classes: int) -> Margins:
    """Return the margins of a confusion matrix, and its diagonal."""
    hits, true, taken = (
        np.bincount(each, minlength=classes) for each in (labels[labels == predicted], labels, predicted)
    )
    return Margins(hits, true, taken, len(labels))


def counts(labels: NDArray[np.integer], predicted: NDArray[np.integer], classes: int) -> Counts:
    """Return the confusion matrix, shape (classes, classes), true label down."""
    cells = labels.astype(np.int64) * classes + predicted
    return np.bincount(cells, minlength=classes**2).reshape(classes, classes).astype(np.int64)


def _mean(values: Sequence[Fraction]) -> Fraction | None:
    return sum(values, Fraction(0)) / len(values) if values else None
