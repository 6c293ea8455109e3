"""Confusion matrices as facts."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import nearest
from reportgen.language import FactError, Namespace, Quantity, Term, published
from reportgen.results.quantity_maker import UNDEFINED, Maker
from reportgen.results.statistics import wilson

Counts = NDArray[np.int64]


class ConfusionMatrix(Namespace):
    """Counts of items by true and predicted class: ``confusion["cat", "dog"]``.

    Only pairs that occur are held, so that there may be thousands of classes; `labels` and `predicted` have
    shape (n,).
    """

    def __init__(
        self,
        name: str,
        labels: NDArray[Any],
        predicted: NDArray[Any],
        classes: tuple[str, ...],
        maker: Maker,
    ) -> None:
        self.name = name
        self.classes = classes
        self.maker = maker
        cells, counts = np.unique(labels.astype(np.int64) * len(classes) + predicted, return_counts=True)
        self._counts = dict(zip(cells.tolist(), counts.tolist(), strict=True))
        self._totals = np.bincount(labels, minlength=len(classes)).tolist()

    def count(self, true: int, predicted: int) -> int:
        """Return how many items of one class were taken for another."""
        found: int = self._counts.get(true * len(self.classes) + predicted, 0)
        return found

    def total(self, true: int) -> int:
        """Return how many items a class has."""
        found: int = self._totals[true]
        return found

    def confused(self) -> list[tuple[int, int]]:
        """Return the pairs of different classes that were confused, the most frequent first."""
        pairs = [(*divmod(cell, len(self.classes)), count) for cell, count in self._counts.items()]
        found = sorted((pair for pair in pairs if pair[0] != pair[1]), key=lambda pair: -pair[2])
        return [(true, predicted) for true, predicted, _ in found]

    def members(self) -> tuple[str, ...]:
        """Return nothing: entries are reached by a pair of class names."""
        return ()

    def member(self, key: object) -> Quantity:
        """Return how many items of the first class were taken for the second."""
        if not isinstance(key, tuple) or len(key) != 2:
            raise FactError(f'{self.name} takes two classes, as in {self.name}["{self.classes[0]}", "…"]')
        key = (str(key[0]), str(key[1]))
        for label in key:
            if label not in self.classes:
                raise FactError(f'{self.name}: no class is called "{label}"', nearest(label, self.classes))
        true, predicted = (self.classes.index(label) for label in key)
        name = f'{self.name}["{key[0]}", "{key[1]}"]'
        return self.maker.measured(name, [self.count(true, predicted)], "count")


class Confusion(Namespace):
    """One pair of classes: how many of the items of the one were taken for the other.

    Parameters
    ----------
    name : str
    matrix : ConfusionMatrix
    true, predicted : int
        Labels of the two classes.
    """

    def __init__(self, name: str, matrix: ConfusionMatrix, true: int, predicted: int) -> None:
        self.name = name
        self._classes = matrix.classes
        self.pair = (true, predicted)
        self._count, self._total = matrix.count(true, predicted), matrix.total(true)
        self._maker = matrix.maker

    @published
    def true(self) -> Term:
        """What the items show."""
        return self._term("true", 0)

    @published
    def predicted(self) -> Term:
        """What they were taken for."""
        return self._term("predicted", 1)

    @published
    def count(self) -> Quantity:
        """Number of items."""
        return self._maker.measured(f"{self.name}.count", [self._count], "count")

    @published
    def share(self) -> Quantity:
        """Share of the items of the true class."""
        k, n, name = self._count, self._total, f"{self.name}.share"
        if not n:
            return self._maker.absent(name, "share", self._maker.missing or UNDEFINED)
        return self._maker.measured(name, [Fraction(k, n)], "share", n=n, k=k, bounds=partial(wilson, k, n))

    def _term(self, key: str, side: int) -> Term:
        return self._maker.word(f"{self.name}.{key}", self._classes[self.pair[side]], self._classes)

    def headline(self, relation: str = "") -> tuple[object, ...]:
        """Return the pair and its count."""
        return (self.true, self.predicted, self.count)


class ClassFacts(Namespace):
    """How one class fared."""

    def __init__(self, name: str, label: Term, recall: Quantity, precision: Quantity) -> None:
        self.name = name
        self._label = label
        self._shares = (recall, precision)

    @published
    def label(self) -> Term:
        """Name of the class."""
        return self._label

    @published
    def recall(self) -> Quantity:
        """Share of the items of this class that were classified right."""
        return self._shares[0]

    @published
    def precision(self) -> Quantity:
        """Share of the items taken for this class that are of it."""
        return self._shares[1]

    def headline(self, relation: str = "") -> tuple[object, ...]:
        """Return the name and the recall."""
        return (self.label, self.recall)
