"""Measurements of several labels an item on one split, as facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial

import numpy as np
from numpy.typing import NDArray

from reportgen.language import FactError, Keyed, Kind, KindError, MissingError, Quantity, Term, published
from reportgen.results import metrics as of_counts
from reportgen.results.difference_facts import AccuracyDifference
from reportgen.results.influence import Estimate
from reportgen.results.measures import Measure
from reportgen.results.multilabel import metrics
from reportgen.results.multilabel.metrics import Metric, Smoothed
from reportgen.results.multilabel.probability_facts import LabelProbabilities, key_of
from reportgen.results.permutation_test import Swaps
from reportgen.results.quantity_maker import UNDEFINED, UNMEASURED
from reportgen.results.statistics import MARGIN, accuracy_interval, wilson
from reportgen.training.record import Evaluation


class LabelFacts(LabelProbabilities):
    """What was measured on one split of a model that gives an item any number of labels, over all seeds.

    The usual measure is the share of items with all labels right. Facts of single labels are those of the
    first seed, as those of single classes are.
    """

    kind: Kind = "points"
    sign = 1
    margin = MARGIN

    # ---- arrays, for figures and statistics -----------------------------------------------------

    @property
    def scores(self) -> NDArray[np.bool_]:
        """Whether each item has all labels right, shape (seeds, n)."""
        return np.stack([run.correct for run in self.runs])

    # ---- facts ----------------------------------------------------------------------------------

    @published
    def accuracy(self) -> Quantity:
        """Share of items with all labels right; its mean over seeds where there are several."""
        name = f"{self.name}.accuracy"
        if not self.runs:
            return self._maker.absent(name, "share")
        right = self.scores
        shares = [Fraction(int(row.sum()), row.size) for row in right]
        return self._maker.measured(
            name,
            shares,
            "share",
            n=right.shape[1],
            k=int(right[0].sum()),
            bounds=partial(accuracy_interval, right),
            owner=self,
        )

    @published
    def errors(self) -> Quantity:
        """Number of items with a wrong label."""
        wrong = [int(row.size - row.sum()) for row in self.scores] if self.runs else []
        return self._maker.measured(f"{self.name}.errors", wrong, "count")

    @published
    def majority(self) -> Quantity:
        """Share of items right where the most frequent set of labels is always answered."""
        name = f"{self.name}.majority"
        if not self.runs or self._maker.missing:
            return self._maker.absent(name, "share")
        most = Counter(row.tobytes() for row in self.labels).most_common(1)[0][1]
        return self._maker.given(name, Fraction(most, len(self.labels)), "share")

    @published
    def hamming_loss(self) -> Quantity:
        """Share of wrong labels, of all labels of all items."""
        return self._metric("hamming_loss", metrics.HAMMING)

    @published
    def hamming_baseline(self) -> Quantity:
        """Share of wrong labels where of each label the more frequent of yes and no is always answered."""
        name = f"{self.name}.hamming_baseline"
        if not self.runs or self._maker.missing:
            return self._maker.absent(name, "share")
        there = self.labels.sum(axis=0)
        rarer = int(np.minimum(there, len(self.labels) - there).sum())
        return self._maker.given(name, Fraction(rarer, self.labels.size), "share")

    @published
    def micro_f1(self) -> Quantity:
        """F1 of all labels of all items taken together."""
        return self._metric("micro_f1", metrics.MICRO_F1)

    @published
    def macro_f1(self) -> Quantity:
        """Mean F1 of the labels."""
        return self._metric("macro_f1", metrics.MACRO_F1)

    @published
    def samples_f1(self) -> Quantity:
        """Mean F1 of the items: 0 of one that has no labels and gets none, as in scikit-learn."""
        return self._metric("samples_f1", metrics.samples_f1)

    @published
    def recall(self) -> Keyed[Quantity]:
        """Share of the items with each label that get it."""
        return self._shares("recall", lambda true, predicted: true, "Share of the items with it that get it")

    @published
    def precision(self) -> Keyed[Quantity]:
        """Share of the items which get each label that have it."""
        what = "Share of the items which get it that have it"
        return self._shares("precision", lambda true, predicted: predicted, what)

    @published
    def f1(self) -> Keyed[Quantity]:
        """F1 of each label: the harmonic mean of its recall and precision."""
        found = {
            label: self._metric(
                key_of("f1", label),
                metrics.of_label(metrics.F1, rank),
                self.runs[:1],
            )
            for rank, label in enumerate(self.names)
        }
        return Keyed(f"{self.name}.f1", "Harmonic mean of its recall and precision", found)

    @published
    def share(self) -> Keyed[Quantity]:
        """Share of the items that have each label."""
        found = {}
        for rank, label in enumerate(self.names):
            name = f"{self.name}.{key_of('share', label)}"
            known = self.runs and not self._maker.missing
            found[label] = (
                self._maker.given(name, Fraction(int(self.labels[:, rank].sum()), len(self.labels)), "share")
                if known
                else self._maker.absent(name, "share")
            )
        return Keyed(f"{self.name}.share", "Share of the items that have it", found)

    @published
    def best_label(self) -> Term:
        """The label with the highest F1."""
        return self._extreme("best_label", max)

    @published
    def worst_label(self) -> Term:
        """The label with the lowest F1."""
        return self._extreme("worst_label", min)

    def headline(self, relation: str = "") -> tuple[object, ...]:
        """Return the share of items with all labels right."""
        return (self.accuracy,)

    # ---- relations ------------------------------------------------------------------------------

    @property
    def measure(self) -> Quantity:
        """The share of items with all labels right."""
        return self.accuracy

    def _measured_by(self, by: str) -> Measure:
        first, _, label = by.partition(".")
        known = {"hamming_loss": metrics.HAMMING, "micro_f1": metrics.MICRO_F1, "macro_f1": metrics.MACRO_F1}
        known["samples_f1"] = metrics.samples_f1
        if first == "f1" and label in self.names:
            known[by] = metrics.of_label(metrics.F1, self.names.index(label))
        areas = {"macro_auc": range(len(self.names))}
        if first == "auc" and label in self.names:
            areas[by] = range(rank := self.names.index(label), rank + 1)
        if by not in known and by not in areas:
            names = ", ".join([*known, *areas, "f1.LABEL", "auc.LABEL"])
            raise FactError(f"there is no paired test by {by}", f"by one of {names}")
        found: Sequence[Estimate] | None
        if by in areas:
            if why := self._unkept(self.runs):
                raise MissingError(f"{self.name}.{by}: {why}")
            found = self._areas(self.runs, areas[by])
        else:
            smoothed = self._smoothed(known[by], self.runs)
            found = None if smoothed is None else [each.estimate for each in smoothed]
        if not found:
            raise MissingError(f"{self.name}.{by}: {UNDEFINED if self.runs else UNMEASURED}")
        kind: Kind = "ratio" if by in areas else "points"
        scores = np.stack([each.value + each.influence for each in found])
        sign = -1 if by == "hamming_loss" else 1
        method = f"paired t test of what items contribute to {by}"
        return Measure(scores, kind, sign, method, self._swaps(by))

    def _swaps(self, by: str) -> Swaps | None:
        """Return what a permutation test of an F1 needs; None by another measure, or over seeds."""
        first, _, label = by.partition(".")
        many = {"micro_f1": metrics.micro_f1_of_many, "macro_f1": of_counts.MACRO_F1.many}.get(by)
        if first == "f1":
            many = of_counts.f1(self.names.index(label)).many
        if many is None or len(self.runs) > 1:
            return None
        return Swaps(self.labels, self.runs[0].predicted, len(self.names), many)

    def like(self, other: object) -> LabelFacts:
        """Return a split, or the test split of a model."""
        split = other if isinstance(other, LabelFacts) else getattr(other, "test", None)
        if not isinstance(split, LabelFacts):
            raise KindError("a model of several labels is compared with a model or split of the same")
        return split

    def difference(self, other: object) -> AccuracyDifference:
        """Return what the measurements say about this share of items right minus the other's."""
        return AccuracyDifference(self, self.like(other), self._maker.style)

    # ---- helpers --------------------------------------------------------------------------------

    def _smoothed(self, metric: Metric, runs: Sequence[Evaluation]) -> list[Smoothed] | None:
        found = [metric(run.labels, run.predicted) for run in runs]
        there = [each for each in found if each is not None]
        return there if len(there) == len(found) else None

    def _metric(self, key: str, metric: Metric, runs: Sequence[Evaluation] | None = None) -> Quantity:
        name, chosen = f"{self.name}.{key}", self.runs if runs is None else runs
        if not chosen or self._maker.missing:
            return self._maker.absent(name, "share")
        found = self._smoothed(metric, chosen)
        if found is None:
            return self._maker.absent(name, "share", UNDEFINED)

        return self._maker.measured(
            name, [each.value for each in found], "share", bounds=partial(metrics.interval, found)
        )

    def _shares(
        self,
        key: str,
        of: Callable[[NDArray[np.bool_], NDArray[np.bool_]], NDArray[np.bool_]],
        what: str,
    ) -> Keyed[Quantity]:
        """Return of each label the share of hits among some items."""
        found = {}
        for rank, label in enumerate(self.names):
            name, k, n = f"{self.name}.{key_of(key, label)}", 0, 0
            if self.runs:
                true, predicted = self.labels[:, rank], self.runs[0].predicted[:, rank]
                k, n = int((true & predicted).sum()), int(of(true, predicted).sum())
            found[label] = (
                self._maker.measured(name, [Fraction(k, n)], "share", n=n, k=k, bounds=partial(wilson, k, n))
                if n and not self._maker.missing
                else self._maker.absent(name, "share", self._maker.missing or UNDEFINED)
            )
        return Keyed(f"{self.name}.{key}", what, found)

    def _extreme(self, key: str, choose: Callable[..., str]) -> Term:
        known = [label for label in self.names if self.f1[label].decided]
        label = choose(known, key=lambda label: self.f1[label].value) if known else ""
        if not known and not self._maker.missing and self.runs:
            raise FactError(f"{self.name}.{key}: no label occurs")
        return self._maker.word(f"{self.name}.{key}", label, self.names)
