"""What cross-validation measured, as facts: over all training items, and from fold to fold."""

from __future__ import annotations

from functools import cached_property
from statistics import fmean, stdev
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.language import Kind, Quantity, Series, published
from reportgen.results.multilabel.facts import LabelFacts
from reportgen.results.quantity_maker import Maker
from reportgen.results.regression.facts import RegressionFacts
from reportgen.results.regression.several import TargetFacts, mean_explained
from reportgen.results.split_facts import SplitFacts
from reportgen.training.folds import fold_of
from reportgen.training.record import Evaluation


class _Folded:
    """What is measured of each fold, by the usual measure; `count` is the number of folds."""

    name: str
    runs: tuple[Evaluation, ...]
    scores: Any
    count: int = 0
    _maker: Maker
    _kind: Kind = "share"
    _unit: Kind = "points"

    @cached_property
    def _each(self) -> list[float]:
        """The measure of each fold, the mean over seeds."""
        if not self.runs or self._maker.missing:
            return []
        first = self.runs[0]
        places = np.array(first.folds) if first.folds else fold_of(first.labels, self.count)
        return [self._of(places == number) for number in range(self.count)]

    def _of(self, items: NDArray[np.bool_]) -> float:
        """Return the measure of some items, the mean over seeds."""
        scores: NDArray[Any] = np.mean(self.scores, axis=0)
        return float(scores[items].mean())

    @published
    def number(self) -> Quantity:
        """Number of folds."""
        return self._maker.given(f"{self.name}.number", self.count, "count")

    @published
    def each(self) -> Series[Quantity]:
        """Accuracy, mean absolute error, or R² of several targets, of each fold."""
        name = f"{self.name}.each"
        found = (
            self._maker.measured(f"{name}[{rank}]", [value], self._kind)
            for rank, value in enumerate(self._each)
        )
        return Series(name, "A fold", tuple(found), self._maker.missing)

    @published
    def mean(self) -> Quantity:
        """Mean of that over the folds."""
        found = [fmean(self._each)] if self._each else []
        return self._maker.measured(f"{self.name}.mean", found, self._kind)

    @published
    def spread(self) -> Quantity:
        """Standard deviation of that from fold to fold."""
        found = [stdev(self._each)] if self._each else []
        return self._maker.measured(f"{self.name}.spread", found, self._unit)


class FoldFacts(_Folded, SplitFacts):
    """Classes: every training item, classified by the model that was trained without its fold."""


class FoldLabels(_Folded, LabelFacts):
    """Labels: every training item, labelled by the model that was trained without its fold."""


class FoldErrors(_Folded, RegressionFacts):
    """Numbers: every training item, predicted by the model that was trained without its fold."""

    _kind: Kind = "amount"
    _unit: Kind = "amount"


class FoldTargets(_Folded, TargetFacts):
    """Several numbers: every training item, predicted by the model that was trained without its fold."""

    _kind: Kind = "ratio"
    _unit: Kind = "ratio"

    def _of(self, items: NDArray[np.bool_]) -> float:
        found = [mean_explained(run.labels[items], run.predicted[items]) for run in self.runs]
        return float(np.mean([each.value if each else np.nan for each in found]))
