"""Metrics of predicted probabilities: how well they rank two classes, and how far they can be trusted."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from reportgen.results.influence import Estimate, Numbers, mean_of
from reportgen.results.statistics import LEVEL, Interval
from reportgen.training.record import Evaluation

BINS = 10
_DRAWS, _GROUPS = 1_000, 200


def of_second(found: Evaluation) -> Numbers:
    """Return the probability of the second of two classes, shape (n,).

    It follows from the predicted class and its probability, which was kept in 16 bits.
    """
    sure = found.confidence.astype(np.float64)
    return np.where(found.predicted == 1, sure, 1 - sure)


def area_under_curve(labels: NDArray[np.uint8], scores: Numbers) -> Estimate | None:
    """Return the area under the ROC curve: how often an item of class 1 scores higher than one of class 0.

    Its influences give the variance of DeLong et al. (1988). None where a class has no items.
    """
    positive = labels == 1
    ours, theirs = scores[positive], scores[~positive]
    if not len(ours) or not len(theirs):
        return None
    placed, others = _below(ours, theirs), 1 - _below(theirs, ours)
    area = float(placed.mean())
    influence = np.empty(len(labels))
    influence[positive] = (placed - area) * len(labels) / len(ours)
    influence[~positive] = (others - area) * len(labels) / len(theirs)
    return Estimate(area, influence)


def average_precision(labels: NDArray[np.uint8], scores: Numbers) -> float:
    """Return the mean of precision over the steps of recall; NaN where class 1 has no items."""
    precision, recall, _ = precision_recall(labels, scores)
    return float(np.sum(np.diff(recall, prepend=0.0) * precision))


def brier(labels: NDArray[np.uint8], scores: Numbers) -> Estimate:
    """Return the mean squared distance of the probability of class 1 from what came true."""
    return mean_of((scores - labels) ** 2)


def precision_recall(labels: NDArray[np.uint8], scores: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return precision, recall and false positive rate as the threshold falls from score to score."""
    order = np.argsort(-scores, kind="stable")
    sorted_scores, right = scores[order], (labels[order] == 1).astype(np.float64)
    last = np.append(np.flatnonzero(np.diff(sorted_scores)), len(scores) - 1)  # of equal scores
    hits, taken = np.cumsum(right)[last], last + 1.0
    with np.errstate(invalid="ignore"):
        recall = hits / right.sum()
        false = (taken - hits) / (len(labels) - right.sum())
    return hits / taken, recall, false


def calibration_error(correct: NDArray[np.bool_], sure: Numbers) -> float:
    """Return the expected calibration error: the mean distance of confidence and accuracy over ten bins."""
    gaps = np.bincount(bins(sure), sure - correct, BINS)
    return float(np.abs(gaps).sum() / len(sure))


def calibration_interval(correct: NDArray[np.bool_], sure: Numbers) -> Interval:
    """Return the 95 % interval of the calibration error, of several runs of its mean; shapes (runs, n).

    The error is made of one sum a bin, so groups of items can be drawn again in place of the items, by a
    fixed seed: groups that lie across all of the split, as many as there are items, but no more than 200.
    """
    runs, count = correct.shape
    groups = min(count, _GROUPS)
    place = bins(sure) + BINS * np.arange(runs)[:, np.newaxis]
    cell = (np.arange(count) % groups) * runs * BINS + place
    sums = np.bincount(cell.ravel(), (sure - correct).ravel(), groups * runs * BINS).reshape(groups, -1)
    values = np.abs(_times_drawn(groups, count) @ sums).sum(axis=1) / (count * runs)
    tail = 50 * (1 - LEVEL)
    lower, upper = np.percentile(values, [tail, 100 - tail])
    return Interval(float(lower), float(upper))


@cache
def _times_drawn(groups: int, seed: int) -> Numbers:
    """Return how often each group is drawn, shape (draws, groups)."""
    chosen = np.random.default_rng(seed).integers(0, groups, (_DRAWS, groups))
    return np.stack([np.bincount(row, minlength=groups) for row in chosen]).astype(np.float64)


def bins(sure: Numbers) -> NDArray[np.intp]:
    """Return which of the bins (0, 0.1], (0.1, 0.2] … each confidence falls in."""
    return np.clip(np.ceil(sure * BINS).astype(np.intp) - 1, 0, BINS - 1)


def _below(values: Numbers, others: Numbers) -> Numbers:
    """Return the share of the others that each value is above; of equal ones, half."""
    ordered = np.sort(others)
    under = np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")
    return under / (2 * len(others))
