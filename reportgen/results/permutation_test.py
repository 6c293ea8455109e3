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

from reportgen.results.metrics import Many, Margins, margins

ROUNDS: Final = 9_999
_CELLS: Final = 4_000_000  # of the arrays that are worked on at a time
_FEW: Final = 50  # classes for which a product of matrices is faster than counting
_ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class Swaps:
    """What one model answered, and the metric.

    Attributes
    ----------
    labels, predicted : ndarray, shape (n,) or (n, labels)
        True and predicted classes, or which labels an item has and gets.
    classes : int
        How many classes, or labels, there are.
    metric : callable
        Of the margins of many models at once.
    """

    labels: NDArray[Any]
    predicted: NDArray[Any]
    classes: int
    metric: Many

    @property
    def margins(self) -> Margins:
        """Of each class, or label, how often it was found, is there, and was predicted."""
        if self.labels.ndim == 1:
            return margins(self.labels, self.predicted, self.classes)
        found = (self.labels & self.predicted, self.labels, self.predicted)
        hits, true, taken = (each.sum(axis=0) for each in found)
        return Margins(hits, true, taken, len(self.labels))


def swapped(a: Swaps, b: Swaps) -> float:
    """Return the two-sided p-value of the hypothesis that the answers of the two are exchangeable.

    Swaps are drawn by a fixed seed, so that the same predictions give the same value.
    """
    apart = np.flatnonzero((a.predicted != b.predicted).reshape(len(a.labels), -1).any(axis=1))
    if not len(apart):
        return 1.0
    true, ours, theirs = (each[apart] for each in (a.labels, a.predicted, b.predicted))
    first, second = a.margins, b.margins
    measured = abs(float(a.metric(first) - a.metric(second)))
    random, beyond, left = np.random.default_rng(len(a.labels)), 0, ROUNDS
    chunk = max(_CELLS // max(len(apart), a.classes), 1)
    while left:
        rounds = min(chunk, left)
        drawn = random.integers(0, 2, (rounds, len(apart)), np.uint8)
        taken = _moved(drawn, ours, theirs, a.classes)
        hits = _moved(drawn, _right(true, ours), _right(true, theirs), a.classes)
        moved = (
            Margins(first.hits + hits, first.true, first.taken + taken, first.size),
            Margins(second.hits - hits, second.true, second.taken - taken, second.size),
        )
        found = np.abs(a.metric(moved[0]) - a.metric(moved[1]))
        beyond += int(np.count_nonzero(~(found < measured - _ROUNDING)))
        left -= rounds
    return (beyond + 1) / (ROUNDS + 1)


def _right(true: NDArray[Any], answers: NDArray[Any]) -> NDArray[Any]:
    """Return the answers that are right: of classes -1 in place of the others."""
    if true.ndim > 1:
        both: NDArray[Any] = true & answers
        return both
    return np.where(answers == true, true.astype(np.intp), -1)


def _moved(drawn: NDArray[Any], ours: NDArray[Any], theirs: NDArray[Any], classes: int) -> NDArray[Any]:
    """Return how many answers of each class, or label, swaps bring in, less those taken away."""
    if ours.ndim > 1:
        changes: NDArray[Any] = drawn.astype(np.float32) @ (theirs.astype(np.float32) - ours)
        return changes
    ours, theirs = ours.astype(np.intp), theirs.astype(np.intp)
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
