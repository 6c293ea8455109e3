"""Measurements of several predicted numbers on one split: of each target, and R² of all."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from reportgen.language import FactError, Keyed, Kind, KindError, MissingError, Quantity, published
from reportgen.results.difference_facts import DifferenceFacts
from reportgen.results.influence import Estimate, interval
from reportgen.results.measures import Measure
from reportgen.results.on_split import OnSplit
from reportgen.results.quantity_maker import UNDEFINED
from reportgen.results.regression import metrics
from reportgen.results.regression.facts import RegressionFacts
from reportgen.training.record import Evaluation

_METHOD = "paired t test of what items contribute to r2"


class TargetFacts(OnSplit):
    """What was measured on one split of a model that predicts several numbers, over all seeds.

    What has the unit of a target is told of each by itself; R² has none, and its mean over the targets is the
    usual measure.
    """

    kind: Kind = "ratio"
    sign = 1

    # ---- arrays, for figures and statistics -----------------------------------------------------

    @cached_property
    def _estimates(self) -> list[Estimate]:
        """R² of each run, the mean over targets; none where a target's true numbers are all equal."""
        found = [mean_explained(run.labels, run.predicted) for run in self.runs]
        return [each for each in found if each is not None]

    @property
    def scores(self) -> NDArray[np.float64]:
        """What each item contributes to R², shape (seeds, n)."""
        return np.stack([each.value + each.influence for each in self._estimates])

    # ---- facts ----------------------------------------------------------------------------------

    @published
    def r2(self) -> Quantity:
        """Share of the variance that is explained, the mean over the targets, each counting the same."""
        name = f"{self.name}.r2"
        if not self.runs or self._maker.missing:
            return self._maker.absent(name, "ratio")
        if len(self._estimates) < len(self.runs):
            return self._maker.absent(name, "ratio", UNDEFINED)

        values = [each.value for each in self._estimates]
        return self._maker.measured(
            name, values, "ratio", bounds=partial(interval, self._estimates, highest=1.0), owner=self
        )

    def member(self, key: object) -> object:
        """Return a member; of what is measured of one target the error names one."""
        if isinstance(key, str) and key in RegressionFacts._members and key not in self._members:
            message = f"`{self.path(key)}` would be of several targets, whose units may differ"
            raise FactError(message, f"name one of them: `{self._one}.{key}`")
        return super().member(key)

    @property
    def _one(self) -> str:
        """What the first target is called in an answer."""
        return self.target.path(self.names[0])

    @published
    def target(self) -> Keyed[RegressionFacts]:
        """What was measured of each target, in its unit: ``target["height"].mae``."""
        name, found = f"{self.name}.target", {}
        for rank, target in enumerate(self.names):
            dotted = f"{name}.{target}" if target.isidentifier() else f'{name}["{target}"]'
            of_one = OneTarget(
                dotted, f"{self.data}, {target}", [column(run, rank) for run in self.runs], (), self._maker
            )
            of_one.variants = self.variants
            found[target] = of_one
        return Keyed(name, "A target", found)

    def headline(self, relation: str = "") -> tuple[object, ...]:
        """Return R²."""
        return (self.r2,)

    # ---- relations ------------------------------------------------------------------------------

    @property
    def measure(self) -> Quantity:
        """R², the mean over the targets."""
        return self.r2

    def measured_by(self, by: str) -> Measure:
        """Return R² as a measure; the others are of one target."""
        if by not in ("", "r2"):
            message = f"there is no paired test by {by} of several targets, whose units may differ"
            raise FactError(message, f"by r2, or of one of them: `{self._one}`")
        if self.r2.missing:
            raise MissingError(f"{self.name}: {self.r2.missing}")
        return Measure(self.scores, self.kind, self.sign, _METHOD)

    def like(self, other: object) -> TargetFacts:
        """Return a split, or the test split of a model."""
        split = other if isinstance(other, TargetFacts) else getattr(other, "test", None)
        if not isinstance(split, TargetFacts):
            raise KindError("R² of several targets is compared with that of a model or split of the same")
        return split

    def difference(self, other: object) -> ExplainedDifference:
        """Return what the measurements say about this R² minus the other's."""
        return ExplainedDifference(self, self.like(other), self._maker.style)


class OneTarget(RegressionFacts):
    """What was measured of one of several targets; the loss is that of all together."""

    def members(self) -> tuple[str, ...]:
        """Return the names, but for the loss and metrics of Keras, which are of all targets."""
        return tuple(name for name in super().members() if name not in ("loss", "metrics"))


class ExplainedDifference(DifferenceFacts):
    """The R² of one split minus that of another: ``difference(net, forest).r2``."""

    @published
    def r2(self) -> Quantity:
        """The difference, with the interval that fits how it was measured."""
        return self._difference("r2")

    def headline(self, relation: str = "") -> tuple[object, ...]:
        """Return the difference."""
        return (self.r2,)


def column(run: Evaluation, rank: int) -> Evaluation:
    """Return what was predicted of one target."""
    return replace(run, loss=None, labels=run.labels[:, rank], predicted=run.predicted[:, rank])


def mean_explained(true: NDArray[np.float64], predicted: NDArray[np.float64]) -> Estimate | None:
    """Return the mean of R² over the columns; None where the true numbers of one are equal."""
    found = [metrics.explained(true[:, at], predicted[:, at]) for at in range(true.shape[1])]
    there = [each for each in found if each is not None]
    if len(there) < len(found):
        return None
    influence = np.mean([each.influence for each in there], axis=0)
    return Estimate(float(np.mean([each.value for each in there])), influence)
