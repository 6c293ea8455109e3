"""What cross-validation measured, as facts: over all training items, and from fold to fold."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from statistics import fmean, stdev
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.language import Kind, Quantity, Series, published
from reportgen.results.quantity_maker import Maker
from reportgen.results.regression.facts import RegressionFacts
from reportgen.results.split_facts import SplitFacts
from reportgen.training.folds import fold_of
from reportgen.training.record import Evaluation


class _Folded:
    """What is measured of each fold; accuracy, or the mean absolute error, is the usual measure."""

    name: str
    runs: tuple[Evaluation, ...]
    count: int
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
        scores = np.mean([_scores(run) for run in self.runs], axis=0)
        return [float(scores[places == number].mean()) for number in range(self.count)]

    @published
    def number(self) -> Quantity:
        """Number of folds."""
        return self._maker.given(f"{self.name}.number", self.count, "count")

    @published
    def each(self) -> Series[Quantity]:
        """Accuracy, or mean absolute error, of each fold."""
        name = f"{self.name}.each"
        found = (
            self._maker.measured(f"{name}[{rank}]", [value], self._kind)
            for rank, value in enumerate(self._each)
        )
        return Series(name, "A fold", tuple(found), self._maker.missing)

    @published
    def mean(self) -> Quantity:
        """Mean of accuracy, or of the mean absolute error, over the folds."""
        found = [fmean(self._each)] if self._each else []
        return self._maker.measured(f"{self.name}.mean", found, self._kind)

    @published
    def spread(self) -> Quantity:
        """Standard deviation of accuracy, or of the mean absolute error, from fold to fold."""
        found = [stdev(self._each)] if self._each else []
        return self._maker.measured(f"{self.name}.spread", found, self._unit)


class FoldFacts(_Folded, SplitFacts):
    """Classes: every training item, classified by the model that was trained without its fold."""

    def __init__(
        self,
        name: str,
        data: str,
        runs: Sequence[Evaluation],
        classes: tuple[str, ...],
        maker: Maker,
        count: int,
    ) -> None:
        super().__init__(name, data, runs, classes, maker)
        self.count = count


class FoldErrors(_Folded, RegressionFacts):
    """Numbers: every training item, predicted by the model that was trained without its fold."""

    _kind: Kind = "amount"
    _unit: Kind = "amount"

    def __init__(self, name: str, data: str, runs: Sequence[Evaluation], maker: Maker, count: int) -> None:
        super().__init__(name, data, runs, maker)
        self.count = count


def _scores(run: Evaluation) -> NDArray[Any]:
    return np.abs(run.predicted - run.labels) if run.regression else run.correct
