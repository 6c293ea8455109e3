"""Measures by which two models may be compared on the same items, besides accuracy and mean error.

Of a measure that is a smooth function of means over items, an item contributes the measure plus the item's
influence on it (the delta method, as for intervals): the mean of these is the measure, and a paired test of
their differences is one of the difference of the measures. Of the area under the ROC curve it is the test of
DeLong et al. (1988).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from reportgen.language import FactError, Kind, MissingError
from reportgen.results import metrics, probabilities
from reportgen.results.influence import Estimate, Numbers
from reportgen.results.metrics import Metric
from reportgen.results.noise import Scores
from reportgen.results.permutation_test import Swaps, swapped
from reportgen.results.quantity_maker import UNDEFINED, UNMEASURED
from reportgen.results.regression import metrics as of_numbers
from reportgen.results.statistics import Comparison, compare
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
    swaps : Swaps or None
        Where models of one run each are compared by swapping their answers.
    """

    scores: Scores
    kind: Kind
    sign: int
    method: str = ""
    swaps: Swaps | None = None


def between(a: Measure, b: Measure) -> Comparison:
    """Compare two measures on the same items; of one run each, where that can be, by swapping answers."""
    found = compare(a.scores, b.scores)
    if a.swaps is None or b.swaps is None:
        return found
    return replace(found, p_value=swapped(a.swaps, b.swaps), method="swaps")


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
    chosen = _of_confusions(by, classes)
    if chosen is None:
        raise FactError(f"there is no paired test by {by}", f"by one of {', '.join([*known, 'f1.CLASS'])}")
    found = [_of_cells(run, len(classes), chosen) for run in runs]
    measure = _measure(f"{name}.{by}", found, "ratio" if by == "mcc" else "points", 1)
    swaps = Swaps(runs[0].labels, runs[0].predicted, len(classes), chosen.many) if len(runs) == 1 else None
    return replace(measure, swaps=swaps)


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


def _of_confusions(by: str, classes: Sequence[str]) -> Metric | None:
    first, _, label = by.partition(".")
    if by == "f1" and len(classes) == 2:
        label = classes[1]
    if first == "f1" and label in classes:
        return metrics.f1(list(classes).index(label))
    return _CONFUSIONS.get(by)


def _of_cells(run: Evaluation, classes: int, metric: Metric) -> Estimate | None:
    """Return a metric of a confusion matrix; four observations are added, as for its interval."""
    guesses = metrics.Guesses(run.labels, run.predicted, classes)
    if metric.of_all:
        guesses = guesses.occurring
    measured, smooth = metric.value(guesses.margins), guesses.margins.smoothed
    if measured is None:
        return None
    influence: Numbers = metric.slope(smooth).at(guesses.labels, guesses.predicted) * smooth.size
    return Estimate(float(measured), influence - influence.mean())


def _last(name: str) -> str:
    return name.rpartition(".")[2]


_CONFUSIONS: Final[Mapping[str, Metric]] = {
    "balanced_accuracy": metrics.BALANCED_ACCURACY,
    "macro_f1": metrics.MACRO_F1,
    "mcc": metrics.MATTHEWS,
}
_NUMBERS: Final[Mapping[str, tuple[of_numbers.Metric, Kind, int]]] = {
    "rmse": (of_numbers.root_mean_squared_error, "amount", -1),
    "r2": (of_numbers.explained, "ratio", 1),
}
_METHODS: Final = {"auc": "DeLong's test"}
