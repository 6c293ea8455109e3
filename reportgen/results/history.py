"""The curves of a training, as facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from reportgen.language import FactError, Keyed, Kind, Namespace, Quantity, published
from reportgen.language.exact import counted
from reportgen.results.quantity_maker import NO_CLASSES, Maker
from reportgen.training.record import History, Record


class Curve(Namespace):
    """One value an epoch, the mean over seeds; ``history.accuracy[3]`` is that of the third epoch.

    `values` has shape (seeds, epochs); `total` is the number of images that a share was counted of, 0 for
    other curves.
    """

    def __init__(
        self, name: str, values: NDArray[np.float64], kind: Kind, higher: bool, maker: Maker, total: int = 0
    ) -> None:
        self.name = name
        self.values = values
        self._kind = kind
        self._higher = higher
        self._maker = maker
        self._total = total

    @cached_property
    def mean(self) -> NDArray[np.float64]:
        """Mean over seeds, shape (epochs,)."""
        return self.values.mean(axis=0) if self.values.size else np.empty(0)

    @published
    def first(self) -> Quantity:
        """Value after the first epoch."""
        return self._at(0, f"{self.name}.first")

    @published
    def last(self) -> Quantity:
        """Value after the last epoch."""
        return self._at(-1, f"{self.name}.last")

    @published
    def best(self) -> Quantity:
        """Best value: the highest accuracy, the lowest loss."""
        return self._at(self._best(), f"{self.name}.best")

    @published
    def best_epoch(self) -> Quantity:
        """Epoch of the best value, counted from 1."""
        if self._maker.missing or not self.mean.size:
            return self._maker.absent(f"{self.name}.best_epoch", "count")
        return self._maker.given(f"{self.name}.best_epoch", self._best() + 1, "count")

    def member(self, key: object) -> object:
        """Return a member, or the value after the epoch `key`, counted from 1."""
        if isinstance(key, int) and not isinstance(key, bool):
            if self.mean.size and not 1 <= key <= self.mean.size:
                raise FactError(f"{self.name} has epochs 1 to {self.mean.size}: there is no {key}")
            return self.after(key)
        return super().member(key)

    def after(self, epoch: int) -> Quantity:
        """Return the value after an epoch, counted from 1."""
        return self._at(epoch - 1, f"{self.name}[{epoch}]")

    def _best(self) -> int:
        if not self.mean.size or np.isnan(self.mean).all():
            return 0
        return int(np.nanargmax(self.mean) if self._higher else np.nanargmin(self.mean))

    def _at(self, index: int, name: str) -> Quantity:
        values = self.values[:, index].tolist() if self.values.size else []
        return self._maker.measured(name, [counted(value, self._total) for value in values], self._kind)


class HistoryFacts(Namespace):
    """Curves over epochs. Those of the training images are taken while the weights move and Dropout is on.

    `totals` are the numbers of images that the accuracies were counted of, by curve; `untold` says why a
    curve may be missing.
    """

    def __init__(
        self,
        name: str,
        histories: Sequence[History],
        maker: Maker,
        totals: Mapping[str, int],
        untold: str = NO_CLASSES,
    ) -> None:
        self.name = name
        self._histories = tuple(histories)
        self._totals = totals
        self._maker = maker
        self._untold = untold

    def curve(self, key: str) -> Curve:
        """Return one of the four that are drawn: a loss or an accuracy."""
        found: Curve = getattr(self, key)
        return found

    def _curve(self, key: str, kind: Kind, higher: bool = False) -> Curve:
        rows = [getattr(history, key) for history in self._histories]
        return self._of(f"{self.name}.{key}", rows, kind, higher, self._totals.get(key, 0))

    def _of(
        self, name: str, rows: Sequence[Sequence[float]], kind: Kind, higher: bool, total: int = 0
    ) -> Curve:
        epochs = min((len(history) for history in self._histories), default=0)
        rows = [row[:epochs] for row in rows]
        if kind == "rate":  # the optimizer holds it in 32 bits, whose eighth digit is noise
            rows = [[float(f"{value:.7g}") for value in row] for row in rows]
        maker, bare = self._maker, epochs > 0 and not all(rows)
        if bare:
            rows, maker = [[]] * len(rows), replace(maker, missing=maker.missing or self._untold)
        values = np.array(rows, np.float64).reshape(len(rows), 0 if bare else epochs)
        return Curve(name, values, kind, higher, maker, total)

    @published
    def epochs(self) -> Quantity:
        """Number of epochs that were trained: fewer than configured where training stopped early."""
        return self._maker.measured(f"{self.name}.epochs", list(map(len, self._histories)), "count")

    @published
    def accuracy(self) -> Curve:
        """Training accuracy, the running mean over each epoch."""
        return self._curve("accuracy", "share", True)

    @published
    def val_accuracy(self) -> Curve:
        """Validation accuracy after each epoch."""
        return self._curve("val_accuracy", "share", True)

    @published
    def loss(self) -> Curve:
        """Training loss, the running mean over each epoch."""
        return self._curve("loss", "loss")

    @published
    def val_loss(self) -> Curve:
        """Validation loss after each epoch."""
        return self._curve("val_loss", "loss")

    @published
    def learning_rate(self) -> Curve:
        """Learning rate at the end of each epoch."""
        return self._curve("learning_rate", "rate", True)

    @published
    def seconds(self) -> Curve:
        """Wall time of each epoch, validation included."""
        return self._curve("seconds", "seconds")

    @published
    def further(self) -> Keyed[Curve]:
        """What a training function reported of its epochs besides these; the best value is the highest."""
        name, first = f"{self.name}.further", self._histories[0].further if self._histories else {}
        found = {
            key: self._of(
                f"{name}.{key}", [each.further.get(key, ()) for each in self._histories], "ratio", True
            )
            for key in first
        }
        return Keyed(name, "A number of each epoch", found, "" if self._histories else self._maker.missing)


def history(name: str, records: Sequence[Record], maker: Maker, untold: str = NO_CLASSES) -> HistoryFacts:
    """Return the curves of a model's results, one a seed."""
    found = records[0].evaluations if records else {}
    totals = {
        curve: len(found[split].labels)
        for curve, split in (("accuracy", "train"), ("val_accuracy", "validation"))
        if split in found
    }
    return HistoryFacts(name, [record.history for record in records], maker, totals, untold)
