"""What is measured on a split whatever is predicted: the number of items, the loss, and Keras's metrics."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from numpy.typing import NDArray

from reportgen.language import Keyed, Quantity, published
from reportgen.results.quantity_maker import Maker
from reportgen.results.relations import Related
from reportgen.training.record import Evaluation

NO_PROBABILITIES = "the estimator gives no probabilities"


class OnSplit(Related):
    """What was measured on one split, over all seeds.

    Parameters
    ----------
    name : str
        Such as ``cnn.test``.
    data : str
        Name of the data set and the split: what makes items the same.
    runs : sequence of Evaluation
        One a seed; empty where nothing was measured.
    names : tuple of str
        Of the classes, labels or targets; none where one number is predicted.
    maker : Maker
    """

    def __init__(
        self, name: str, data: str, runs: Sequence[Evaluation], names: tuple[str, ...], maker: Maker
    ) -> None:
        self.name = name
        self.data = data
        self.runs = tuple(runs)
        self.names = names
        self._maker = maker

    def members(self) -> tuple[str, ...]:
        """Return the names; what a task measures by itself comes first."""
        own = (name for name in super().members() if name not in OnSplit._members)
        return (*own, *OnSplit._members)

    @cached_property
    def labels(self) -> NDArray[Any]:
        """True class or number of every item, shape (n,); of several labels or targets (n, names)."""
        return self.runs[0].labels

    @published
    def n(self) -> Quantity:
        """Number of items."""
        if not self.runs:
            return self._maker.absent(f"{self.name}.n", "count")
        return self._maker.given(f"{self.name}.n", len(self.labels), "count")

    @published
    def loss(self) -> Quantity:
        """Mean loss; of what is no network log loss, or the mean squared error of numbers."""
        losses = [run.loss for run in self.runs if run.loss is not None]
        if self.runs and not losses:
            return self._maker.absent(f"{self.name}.loss", "loss", NO_PROBABILITIES)
        return self._maker.measured(f"{self.name}.loss", losses, "loss")

    @published
    def metrics(self) -> Keyed[Quantity]:
        """Further metrics that report.toml asks for, by their Keras names."""
        found = {
            name: self._maker.measured(
                f"{self.name}.metrics.{name}", [run.metrics[name] for run in self.runs], "ratio"
            )
            for name in (sorted(self.runs[0].metrics) if self.runs else [])
        }
        missing = "" if self.runs else self._maker.missing
        return Keyed(f"{self.name}.metrics", "A further metric", found, missing)
