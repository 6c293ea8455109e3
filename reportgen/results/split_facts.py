"""Measurements on one split as facts: accuracy, confusions, and each class."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from itertools import islice, permutations

import numpy as np
from numpy.typing import NDArray

from reportgen.language import (
    FactError,
    Keyed,
    Kind,
    KindError,
    Quantity,
    Series,
    Term,
    published,
)
from reportgen.results.confusion import ClassFacts, Confusion, ConfusionMatrix
from reportgen.results.difference_facts import AccuracyDifference
from reportgen.results.measures import Measure, of_classes
from reportgen.results.quantity_maker import UNDEFINED
from reportgen.results.statistics import MARGIN, wilson
from reportgen.results.top_k_facts import NAME, TopFacts

_MISSING = 1_000  # pairs that stand in before anything is measured


class SplitFacts(TopFacts):
    """What was measured on one split, over all seeds; the confusions are those of the first seed."""

    kind: Kind = "points"
    sign = 1
    margin = MARGIN

    # ---- facts ----------------------------------------------------------------------------------

    @published
    def errors(self) -> Quantity:
        """Number of items classified wrong."""
        wrong = [int(row.size - row.sum()) for row in self.correct] if self.runs else []
        return self._maker.measured(f"{self.name}.errors", wrong, "count")

    @published
    def confidence(self) -> Quantity:
        """Mean probability given to the predicted class."""
        means = [float(run.confidence.astype(np.float64).mean()) for run in self.runs if len(run.confidence)]
        return self._maker.measured(f"{self.name}.confidence", means, "share")

    @published
    def overconfidence(self) -> Quantity:
        """Mean confidence minus accuracy: above zero for a model that is too sure."""
        return (self.confidence - self.accuracy).named(f"{self.name}.overconfidence")

    @published
    def confusion(self) -> ConfusionMatrix:
        """Number of items by true and predicted class: ``confusion["cat", "dog"]``."""
        nothing = np.zeros(0, np.int64)
        labels, predicted = (self.runs[0].labels, self.runs[0].predicted) if self.runs else (nothing, nothing)
        return ConfusionMatrix(f"{self.name}.confusion", labels, predicted, self.classes, self._maker)

    @published
    def confusions(self) -> Series[Confusion]:
        """Pairs of different classes that were confused, the most frequent first."""
        name, pairs = f"{self.name}.confusions", self.confusion.confused()
        if self._maker.missing:  # any will do, as none has a value
            pairs = list(islice(permutations(range(len(self.classes)), 2), _MISSING))
        found = (
            Confusion(f"{name}[{rank}]", self.confusion, true, predicted)
            for rank, (true, predicted) in enumerate(pairs)
        )
        return Series(name, "A confused pair", tuple(found), self._maker.missing)

    @published
    def most_confused(self) -> Confusion:
        """The most frequently confused pair."""
        name = f"{self.name}.most_confused"
        if not len(self.confusions):
            raise FactError(f"{name}: no two classes were confused")
        return Confusion(name, self.confusion, *self.confusions[0].pair)

    @published
    def recall(self) -> Keyed[Quantity]:
        """Share of the items of each class that were classified right."""
        hits, totals = self.margins.hits, self.margins.true
        return self._by_class("recall", hits, totals, "Share of its images classified right")

    @published
    def precision(self) -> Keyed[Quantity]:
        """Share of the items taken for each class that are of it."""
        hits, totals = self.margins.hits, self.margins.taken
        return self._by_class("precision", hits, totals, "Share of the images taken for it that are of it")

    @published
    def ranking(self) -> Series[ClassFacts]:
        """The classes that have items, by recall, the best first."""
        ranked = [label for label in self.classes if not self.recall[label].undefined]
        if not self._maker.missing:
            ranked.sort(key=lambda label: self.recall[label].exact or 0, reverse=True)
        name, found = f"{self.name}.ranking", []
        for rank, label in enumerate(ranked):
            word = self._maker.word(f"{name}[{rank}].label", label, self.classes)
            found.append(ClassFacts(f"{name}[{rank}]", word, self.recall[label], self.precision[label]))
        return Series(name, "A class", tuple(found), self._maker.missing)

    @published
    def best_class(self) -> Term:
        """The class with the highest recall."""
        return self._class("best_class", 0)

    @published
    def worst_class(self) -> Term:
        """The class with the lowest recall."""
        return self._class("worst_class", -1)

    def headline(self, relation: str = "") -> tuple[object, ...]:
        """Return the accuracy."""
        return (self.accuracy,)

    # ---- relations ------------------------------------------------------------------------------

    @property
    def scores(self) -> NDArray[np.bool_]:
        """Whether each item was classified right, shape (seeds, n)."""
        return self.correct

    @property
    def measure(self) -> Quantity:
        """The accuracy."""
        return self.accuracy

    def fact_of(self, by: str) -> str:
        """Return which fact a measure is; F1 of two classes is that of the second."""
        return f"f1.{self.classes[1]}" if by == "f1" and len(self.classes) == 2 else by

    def _measured_by(self, by: str) -> Measure:
        if top := NAME.fullmatch(by):
            return Measure(self.within(int(top[1])), self.kind, self.sign)
        return of_classes(self.name, by, self.runs, self.classes)

    def like(self, other: object) -> SplitFacts:
        """Return a split, or the test split of a model."""
        return split_of(other)

    def difference(self, other: object) -> AccuracyDifference:
        """Return what the measurements say about this accuracy minus the other's."""
        return AccuracyDifference(self, split_of(other), self._maker.style)

    # ---- helpers --------------------------------------------------------------------------------

    def _class(self, key: str, rank: int) -> Term:
        if not len(self.ranking):
            raise FactError(f"{self.name}.{key}: no class has items")
        return self._maker.word(f"{self.name}.{key}", self.ranking[rank].label, self.classes)

    def _by_class(
        self, key: str, hits: NDArray[np.int64], totals: NDArray[np.int64], what: str
    ) -> Keyed[Quantity]:
        found = {}
        for label, k, n in zip(self.classes, hits.tolist(), totals.tolist(), strict=True):
            name = f"{self.name}.{key}.{label}" if label.isidentifier() else f'{self.name}.{key}["{label}"]'
            found[label] = (
                self._maker.measured(name, [Fraction(k, n)], "share", n=n, k=k, bounds=partial(wilson, k, n))
                if n and not self._maker.missing
                else self._maker.absent(name, "share", self._maker.missing or UNDEFINED)
            )
        return Keyed(f"{self.name}.{key}", what, found)


def split_of(value: object) -> SplitFacts:
    """Return a split, or the test split of a model.

    Raises
    ------
    KindError
        If `value` is neither.
    """
    split = value if isinstance(value, SplitFacts) else getattr(value, "test", None)
    if not isinstance(split, SplitFacts):
        raise KindError("an accuracy is compared with that of a model or split, such as `cnn.test`")
    return split
