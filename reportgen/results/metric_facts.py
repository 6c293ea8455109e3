"""Metrics of a split as facts: accuracy, F1, balanced accuracy, correlation, and the baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from reportgen.language import Keyed, Kind, Quantity, published
from reportgen.results import metrics
from reportgen.results.confusion import Counts
from reportgen.results.metrics import Guesses, Margins, Metric
from reportgen.results.on_split import OnSplit
from reportgen.results.quantity_maker import UNDEFINED
from reportgen.results.statistics import accuracy_interval


class MetricFacts(OnSplit):
    """What follows from the confusion matrices of a split."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes."""
        return self.names

    # ---- arrays, for figures and statistics -----------------------------------------------------

    @cached_property
    def correct(self) -> NDArray[np.bool_]:
        """Whether each image was classified right, shape (seeds, n)."""
        return np.stack([run.correct for run in self.runs])

    @cached_property
    def _shares(self) -> list[Fraction]:
        """Share of items classified right, one a seed."""
        return [Fraction(int(row.sum()), row.size) for row in self.correct]

    @cached_property
    def counts(self) -> Counts:
        """Confusion matrix of the first seed, shape (classes, classes), true label down; of not too many."""
        size = len(self.classes)
        if not self.runs:
            return np.zeros((size, size), np.int64)
        return metrics.counts(self.runs[0].labels, self.runs[0].predicted, size)

    @cached_property
    def margins(self) -> Margins:
        """What follows from the confusion matrix of the first seed for each class."""
        if not self.runs:
            nothing = np.zeros(0, np.int64)
            return metrics.margins(nothing, nothing, len(self.classes))
        return self._guesses[0].margins

    @cached_property
    def _guesses(self) -> tuple[Guesses, ...]:
        """What the model of each seed takes the items for."""
        return tuple(Guesses(run.labels, run.predicted, len(self.classes)) for run in self.runs)

    # ---- facts ----------------------------------------------------------------------------------

    @published
    def accuracy(self) -> Quantity:
        """Share of items classified right; its mean over seeds where there are several."""
        name = f"{self.name}.accuracy"
        if not self.runs:
            return self._maker.absent(name, "share")
        return self._maker.measured(
            name,
            self._shares,
            "share",
            n=self.correct.shape[1],
            k=int(self.correct[0].sum()),
            bounds=partial(accuracy_interval, self.correct),
            owner=self,
        )

    @published
    def error(self) -> Quantity:
        """Share of items classified wrong."""
        name = f"{self.name}.error"
        if not self.accuracy.decided:
            return self._maker.absent(name, "share", self.accuracy.missing)
        lower, upper = self.accuracy.interval
        found = self._maker.measured(
            name,
            [1 - share for share in self._shares],
            "share",
            n=self.accuracy.n,
            bounds=lambda: (1 - upper, 1 - lower),
        )
        return replace(found, made_of=f"1 - {self.accuracy.name}")

    @published
    def balanced_accuracy(self) -> Quantity:
        """Mean recall of the classes; its mean over seeds where there are several."""
        return self._metric("balanced_accuracy", "share", metrics.BALANCED_ACCURACY)

    @published
    def macro_f1(self) -> Quantity:
        """Mean F1 of the classes; its mean over seeds where there are several."""
        return self._metric("macro_f1", "share", metrics.MACRO_F1)

    @published
    def mcc(self) -> Quantity:
        """Matthews's correlation of true and predicted classes, from -1 to 1: 0 for guessing."""
        return self._metric("mcc", "ratio", metrics.MATTHEWS, (-1.0, 1.0))

    @published
    def majority(self) -> Quantity:
        """Accuracy of always answering the most frequent class."""
        name = f"{self.name}.majority"
        if not self.runs or self._maker.missing:
            return self._maker.absent(name, "share")
        return self._maker.given(name, metrics.majority(self.margins), "share")

    @published
    def f1(self) -> Keyed[Quantity]:
        """F1 of each class: the harmonic mean of its recall and precision."""
        found = {}
        for rank, label in enumerate(self.classes):
            name = f"f1.{label}" if label.isidentifier() else f'f1["{label}"]'
            found[label] = self._metric(name, "share", metrics.f1(rank), runs=self._guesses[:1])
        return Keyed(f"{self.name}.f1", "Harmonic mean of its recall and precision", found)

    def _metric(
        self,
        key: str,
        kind: Kind,
        metric: Metric,
        limits: tuple[float, float] = (0.0, 1.0),
        runs: Sequence[Guesses] | None = None,
    ) -> Quantity:
        name, chosen = f"{self.name}.{key}", self._guesses if runs is None else runs
        if not chosen or self._maker.missing:
            return self._maker.absent(name, kind)
        values = [metric.value(run.margins) for run in chosen]
        there = [each for each in values if each is not None]
        if len(there) < len(values):
            return self._maker.absent(name, kind, UNDEFINED)
        bounds = partial(metrics.interval, chosen, metric, limits)
        return self._maker.measured(name, there, kind, bounds=bounds)
