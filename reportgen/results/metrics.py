"""Metrics of a confusion matrix besides accuracy, exact, with intervals.

Every metric is a smooth function of the shares of the cells, so its sampling error follows from its gradient
(the delta method; Casella and Berger, 2002, section 5.5.4). As Agresti and Coull (1998) do for a share, four
observations are added first, spread over all cells: else a flawless classifier would have no error at all.
Over several seeds the noise of training is added, as for accuracies.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from reportgen.results.distributions import two_sided
from reportgen.results.noise import Noise, total
from reportgen.results.statistics import LEVEL, Interval

Counts = NDArray[np.int64]
Cells = NDArray[np.float64]
ADDED = 4.0  # observations

Value = Callable[[Counts], Fraction | float | None]
Slope = Callable[[Cells], Cells]


def f1(counts: Counts, label: int) -> Fraction | None:
    """Return the harmonic mean of recall and precision of a class; None where it does not occur."""
    seen = int(counts[label].sum() + counts[:, label].sum())
    return Fraction(2 * int(counts[label, label]), seen) if seen else None


def macro_f1(counts: Counts) -> Fraction | None:
    """Return the mean of F1 over the classes that occur."""
    return _mean([f1(counts, label) for label in range(len(counts))])


def balanced_accuracy(counts: Counts) -> Fraction | None:
    """Return the mean of recall over the classes that have items."""
    sizes = counts.sum(axis=1)
    return _mean(
        [Fraction(int(counts[at, at]), int(size)) if size else None for at, size in enumerate(sizes.tolist())]
    )


def matthews(counts: Counts) -> float | None:
    """Return Matthews's correlation of true and predicted classes; None where one of them never varies."""
    cells = counts.astype(np.float64)
    rows, columns, size = cells.sum(axis=1), cells.sum(axis=0), cells.sum()
    spread = (size**2 - columns @ columns) * (size**2 - rows @ rows)
    return float((np.trace(cells) * size - rows @ columns) / sqrt(spread)) if spread > 0 else None


def majority(counts: Counts) -> Fraction:
    """Return the accuracy of always answering the most frequent class."""
    return Fraction(int(counts.sum(axis=1).max()), int(counts.sum()))


def f1_slope(label: int) -> Slope:
    """Return the gradient of a class's F1."""

    def slope(cells: Cells) -> Cells:
        hits, seen = cells[label, label], cells[label].sum() + cells[:, label].sum()
        found = np.zeros_like(cells)
        found[label] -= 2 * hits / seen**2
        found[:, label] -= 2 * hits / seen**2
        found[label, label] += 2 / seen
        return found

    return slope


def macro_f1_slope(cells: Cells) -> Cells:
    """Return the gradient of `macro_f1`."""
    hits, seen = np.diagonal(cells), cells.sum(axis=1) + cells.sum(axis=0)
    loss = 2 * hits / seen**2
    slope: Cells = (np.diag(2 / seen) - loss[:, np.newaxis] - loss[np.newaxis]) / len(cells)
    return slope


def balanced_accuracy_slope(cells: Cells) -> Cells:
    """Return the gradient of `balanced_accuracy`."""
    hits, sizes = np.diagonal(cells), cells.sum(axis=1)
    slope: Cells = (np.diag(1 / sizes) - (hits / sizes**2)[:, np.newaxis]) / len(cells)
    return slope


def matthews_slope(cells: Cells) -> Cells:
    """Return the gradient of `matthews`."""
    rows, columns, size = cells.sum(axis=1), cells.sum(axis=0), cells.sum()
    right = np.trace(cells)
    across, down = size**2 - columns @ columns, size**2 - rows @ rows
    above = right * size - rows @ columns
    change = size * np.eye(len(cells)) + right - (rows[np.newaxis] + columns[:, np.newaxis])
    shrink = (2 * size - 2 * columns)[np.newaxis] / across + (2 * size - 2 * rows)[:, np.newaxis] / down
    slope: Cells = (change - above / 2 * shrink) / sqrt(across * down)
    return slope


def interval(
    labels: NDArray[np.integer],
    predicted: NDArray[np.integer],
    classes: int,
    value: Value,
    slope: Slope,
    limits: tuple[float, float] = (0.0, 1.0),
) -> Interval:
    """Return the 95 % interval of a metric, or of its mean over several runs.

    Parameters
    ----------
    labels : ndarray of uint8, shape (items,)
        True classes.
    predicted : ndarray of uint8, shape (runs, items)
        One row a trained model.
    value, slope : callable
        The metric, and its gradient over the cells of the confusion matrix.
    limits : tuple of float
        Its lowest and highest value.
    """
    labels, predicted, classes = occurring(labels, predicted, classes)
    share = ADDED / classes**2
    values, pulls, spread = [], np.zeros(len(labels)), 0.0
    for row in predicted:
        matrix = counts(labels, row, classes)
        cells = matrix.astype(np.float64) + share
        pull = slope(cells) * cells.sum()
        values.append(float(value(matrix) or 0.0))
        pulls += pull[labels, row] / len(predicted)
        spread += share * float((pull**2).sum()) / len(predicted)
    size = len(labels) + ADDED
    sampling = Noise((float((pulls**2).sum()) + spread) / size**2, len(labels))
    runs = len(values)
    noise = total(sampling, Noise(float(np.var(values, ddof=1)) / runs, runs - 1)) if runs > 1 else sampling
    mean, reach = float(np.mean(values)), two_sided(LEVEL, noise.freedom) * sqrt(noise.square)
    return Interval(max(mean - reach, limits[0]), min(mean + reach, limits[1]))


def occurring(
    labels: NDArray[np.integer], predicted: NDArray[np.integer], classes: int
) -> tuple[NDArray[np.integer], NDArray[np.integer], int]:
    """Return labels, predictions and number of classes without those that do not occur: they take no part."""
    there = np.unique(labels)
    if len(there) == classes or not np.isin(predicted, there).all():
        return labels, predicted, classes
    place = np.searchsorted(there, np.arange(classes))
    return place[labels], place[predicted], len(there)


def counts(labels: NDArray[np.integer], predicted: NDArray[np.integer], classes: int) -> Counts:
    """Return the confusion matrix, shape (classes, classes), true label down."""
    cells = labels.astype(np.int64) * classes + predicted
    return np.bincount(cells, minlength=classes**2).reshape(classes, classes).astype(np.int64)


def _mean(values: Sequence[Fraction | None]) -> Fraction | None:
    there = [value for value in values if value is not None]
    return sum(there, Fraction(0)) / len(there) if there else None
