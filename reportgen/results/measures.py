"""Measures by which two models may be compared on the same items, besides accuracy and mean error.

Of a measure that is a smooth function of means over items, an item contributes the measure plus the item's
influence on it (the delta method, as for intervals): the mean of these is the measure, and a paired test of
their differences is one of the difference of the measures. Of the area under the ROC curve it is the test of
DeLong et al. (1988).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from reportgen.language import FactError, Kind, MissingError
from reportgen.results import metrics, probabilities
from reportgen.results.influence import Estimate, Numbers
from reportgen.results.metrics import ADDED, Slope, Value
from reportgen.results.noise import Scores
from reportgen.results.quantity_maker import UNDEFINED, UNMEASURED
from reportgen.results.regression import metrics as of_numbers
from reportgen.training.record import Evaluation


@dataclass(frozen=True)
class Measure:
    """What a comparison rests on.

    Attributes
    ----------
    scores : ndarray, shape (seeds, n)
        What each item contributes; its mean is the measure.
    kind : str
        Of a difference.
    sign : {1, -1}
        Whether more or less is better.
    method : str
        What the test of one run each is called; empty for the usual one.
    """

    scores: Scores
    kind: Kind
    sign: int
    method: str = ""


def of_classes(name: str, by: str, runs: Sequence[Evaluation], classes: Sequence[str]) -> Measure:
    """Return a measure of predicted classes or their probabilities.

    Raises
    ------
    FactError
        If there is no such measure, or no paired test of it.
    MissingError
        If it has no value here.
    """
    two = len(classes) == 2
    known = ["balanced_accuracy", "macro_f1", "mcc", *(["f1", "auc", "brier"] if two else [])]
    if by in ("auc", "brier") and two:
        metric = probabilities.area_under_curve if by == "auc" else probabilities.brier
        if not all(len(run.confidence) for run in runs):
            raise MissingError(f"{name}.{by}: no probabilities were kept")
        found = [metric(run.labels, probabilities.of_second(run)) for run in runs]
        return _measure(f"{name}.{by}", found, "ratio", -1 if by == "brier" else 1, _METHODS.get(by, ""))
    smooth = _of_confusions(by, classes)
    if smooth is None:
        raise FactError(f"there is no paired test by {by}", f"by one of {', '.join([*known, 'f1.CLASS'])}")
    found = [_of_cells(run, len(classes), *smooth) for run in runs]
    return _measure(f"{name}.{by}", found, "ratio" if by == "mcc" else "points", 1)


def of_errors(name: str, by: str, runs: Sequence[Evaluation]) -> Measure:
    """Return a measure of predicted numbers; see `of_classes`."""
    if by not in _NUMBERS:
        raise FactError(f"there is no paired test by {by}", f"by one of {', '.join(_NUMBERS)}")
    metric, kind, sign = _NUMBERS[by]
    return _measure(f"{name}.{by}", [metric(run.labels, run.predicted) for run in runs], kind, sign)


def _measure(name: str, found: Sequence[Estimate | None], kind: Kind, sign: int, method: str = "") -> Measure:
    there = [each for each in found if each is not None]
    if len(there) < len(found) or not found:
        raise MissingError(f"{name}: {UNDEFINED if found else UNMEASURED}")
    scores = np.stack([each.value + each.influence for each in there])
    return Measure(scores, kind, sign, method or f"paired t test of what items contribute to {_last(name)}")


def _of_confusions(by: str, classes: Sequence[str]) -> tuple[Value, Slope] | None:
    first, _, label = by.partition(".")
    if by == "f1" and len(classes) == 2:
        label = classes[1]
    if first == "f1" and label in classes:
        rank = list(classes).index(label)
        return partial(metrics.f1, label=rank), metrics.f1_slope(rank)
    return _CONFUSIONS.get(by)


def _of_cells(run: Evaluation, classes: int, value: Value, slope: Slope) -> Estimate | None:
    """Return a metric of a confusion matrix; four observations are added, as for its interval."""
    labels, predicted = run.labels, run.predicted
    if value in _OF_ALL:
        labels, predicted, classes = metrics.occurring(labels, predicted, classes)
    counts = metrics.counts(labels, predicted, classes)
    measured = value(counts)
    if measured is None:
        return None
    cells = counts.astype(np.float64) + ADDED / classes**2
    influence: Numbers = (slope(cells) * cells.sum())[labels, predicted]
    return Estimate(float(measured), influence - influence.mean())


def _last(name: str) -> str:
    return name.rpartition(".")[2]


_CONFUSIONS: Final[Mapping[str, tuple[Value, Slope]]] = {
    "balanced_accuracy": (metrics.balanced_accuracy, metrics.balanced_accuracy_slope),
    "macro_f1": (metrics.macro_f1, metrics.macro_f1_slope),
    "mcc": (metrics.matthews, metrics.matthews_slope),
}
_OF_ALL: Final = tuple(value for value, _ in _CONFUSIONS.values())
_NUMBERS: Final[Mapping[str, tuple[of_numbers.Metric, Kind, int]]] = {
    "rmse": (of_numbers.root_mean_squared_error, "amount", -1),
    "r2": (of_numbers.explained, "ratio", 1),
}
_METHODS: Final = {"auc": "DeLong's test"}
