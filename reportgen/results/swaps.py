"""Compare two models by a metric of all their answers: swap the answers item by item, and see how it moves.

If the two are equally good, and nothing tells their answers apart, each item's pair of answers could as
well be the other way round. The p-value is the share of random swaps that differ by as much as the two do;
it is exact up to the number of swaps, however few the items are (Fisher 1935; Smucker, Allan and Carterette
2007).
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from reportgen.results.metrics import Margins, Metric, margins

ROUNDS: Final = 9_999
_CELLS: Final = 4_000_000  # of the arrays that are worked on at a time
_FEW: Final = 50  # classes for which a product of matrices is faster than counting
_ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class Swaps:
    """What one model answered: labels and predictions, shape (n,), of so many classes, and the metric."""

    labels: NDArray[Any]
    predicted: NDArray[Any]
    classes: int
    metric: Metric


def swapped(a: Swaps, b: Swaps) -> float:
    """Return the two-sided p-value of the hypothesis that the answers of the two are exchangeable.

    Swaps are drawn by a fixed seed, so that the same predictions give the same value.
    """
    apart = np.flatnonzero(a.predicted != b.predicted)
    if not len(apart):
        return 1.0
    true, ours, theirs = (each[apart].astype(np.intp) for each in (a.labels, a.predicted, b.predicted))
    first, second = (margins(each.labels, each.predicted, a.classes) for each in (a, b))
    measured = abs(float(_difference(a.metric, first, second)))
    random, beyond, left = np.random.default_rng(len(a.labels)), 0, ROUNDS
    chunk = max(_CELLS // max(len(apart), a.classes), 1)
    while left:
        rounds = min(chunk, left)
        drawn = random.integers(0, 2, (rounds, len(apart)), np.uint8)
        taken = _moved(drawn, ours, theirs, a.classes)
        hits = _moved(drawn, np.where(ours == true, true, -1), np.where(theirs == true, true, -1), a.classes)
        moved = (
            Margins(first.hits + hits, first.true, first.taken + taken, first.size),
            Margins(second.hits - hits, second.true, second.taken - taken, second.size),
        )
        found = np.abs(_difference(a.metric, *moved))
        beyond += int(np.count_nonzero(~(found < measured - _ROUNDING)))
        left -= rounds
    return (beyond + 1) / (ROUNDS + 1)


def _difference(metric: Metric, a: Margins, b: Margins) -> NDArray[np.float64]:
    difference: NDArray[np.float64] = metric.many(a) - metric.many(b)
    return difference


def _moved(drawn: NDArray[Any], ours: NDArray[Any], theirs: NDArray[Any], classes: int) -> NDArray[Any]:
    """Return how many answers of each class swaps bring in, less those taken away; -1 is no class."""
    if classes <= _FEW:
        known = np.arange(classes)
        moves = (theirs[:, np.newaxis] == known).astype(np.float32) - (ours[:, np.newaxis] == known)
        brought: NDArray[Any] = drawn.astype(np.float32) @ moves  # whole numbers, and exact
        return brought
    rounds, items = np.nonzero(drawn)
    found = np.zeros((len(drawn), classes), np.int64)
    for answers, sign in ((theirs[items], 1), (ours[items], -1)):
        there = answers >= 0
        cells = rounds[there] * classes + answers[there]
        found += sign * np.bincount(cells, minlength=found.size).reshape(found.shape)
    return found
