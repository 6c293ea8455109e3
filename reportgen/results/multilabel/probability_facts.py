"""Facts of the probabilities of several labels an item: how well each ranks the items."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from reportgen.language import Keyed, Quantity, published
from reportgen.results import probabilities
from reportgen.results.influence import Estimate, interval, resampled
from reportgen.results.on_split import OnSplit
from reportgen.results.probability_facts import NOT_KEPT
from reportgen.results.quantity_maker import UNDEFINED, UNMEASURED
from reportgen.training.record import Evaluation


class LabelProbabilities(OnSplit):
    """What follows from the probabilities of a split; that of the training items keeps none."""

    @published
    def auc(self) -> Keyed[Quantity]:
        """Area under the ROC curve of each label: 0.5 for guessing."""
        found = {
            label: self._area(key_of("auc", label), self.runs[:1], [rank])
            for rank, label in enumerate(self.names)
        }
        return Keyed(f"{self.name}.auc", "Area under its ROC curve", found)

    @published
    def macro_auc(self) -> Quantity:
        """Mean area under the ROC curves of the labels."""
        return self._area("macro_auc", self.runs, range(len(self.names)))

    @published
    def average_precision(self) -> Keyed[Quantity]:
        """Mean precision over the steps of recall of each label."""
        found = {
            label: self._precision(key_of("average_precision", label), self.runs[:1], [rank])
            for rank, label in enumerate(self.names)
        }
        return Keyed(f"{self.name}.average_precision", "Mean precision over the steps of its recall", found)

    @published
    def macro_average_precision(self) -> Quantity:
        """Mean over the labels of the mean precision over the steps of recall."""
        return self._precision("macro_average_precision", self.runs, range(len(self.names)))

    # ---- helpers --------------------------------------------------------------------------------

    def _unkept(self, runs: Sequence[Evaluation]) -> str:
        """Return why there are no probabilities; empty where there are."""
        if not runs or self._maker.missing:
            return self._maker.missing or UNMEASURED
        return "" if all(len(run.confidence) for run in runs) else NOT_KEPT

    def _areas(self, runs: Sequence[Evaluation], ranks: Sequence[int]) -> list[Estimate] | None:
        """Return the area under the ROC curve of each run, the mean over labels; None where there is none."""
        found = []
        for run in runs:
            areas = [
                area
                for rank in ranks
                if (area := probabilities.area_under_curve(run.labels[:, rank], _sure(run, rank)))
            ]
            if not areas:
                return None
            influence = np.mean([area.influence for area in areas], axis=0)
            found.append(Estimate(float(np.mean([area.value for area in areas])), influence))
        return found

    def _area(self, key: str, runs: Sequence[Evaluation], ranks: Sequence[int]) -> Quantity:
        name = f"{self.name}.{key}"
        if why := self._unkept(runs):
            return self._maker.absent(name, "ratio", why)
        found = self._areas(runs, ranks)
        if found is None:
            return self._maker.absent(name, "ratio", UNDEFINED)

        return self._maker.measured(
            name, [each.value for each in found], "ratio", bounds=partial(interval, found, 0.0, 1.0)
        )

    def _precision(self, key: str, runs: Sequence[Evaluation], ranks: Sequence[int]) -> Quantity:
        name = f"{self.name}.{key}"
        if why := self._unkept(runs):
            return self._maker.absent(name, "ratio", why)
        there = [rank for rank in ranks if self.labels[:, rank].any()]
        if not there:
            return self._maker.absent(name, "ratio", UNDEFINED)

        def of(run: Evaluation, chosen: NDArray[np.intp] | slice) -> float:
            labels, found = run.labels[chosen], run.confidence[chosen].astype(np.float64)
            each = [probabilities.average_precision(labels[:, rank], found[:, rank]) for rank in there]
            return float(np.nanmean(each)) if np.isfinite(each).any() else np.nan

        def again(chosen: NDArray[np.intp]) -> float:
            return float(np.mean([of(run, chosen) for run in runs]))

        values = [of(run, slice(None)) for run in runs]
        bounds = partial(resampled, again, len(self.labels))
        return self._maker.measured(name, values, "ratio", bounds=bounds)


def key_of(key: str, label: str) -> str:
    """Return how a fact of one label is called: ``auc.sport``, ``auc["local sport"]``."""
    return f"{key}.{label}" if label.isidentifier() else f'{key}["{label}"]'


def _sure(run: Evaluation, rank: int) -> NDArray[np.float64]:
    """Return the probability of one label, shape (n,)."""
    return run.confidence[:, rank].astype(np.float64)
