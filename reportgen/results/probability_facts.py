"""Facts of predicted probabilities: ranking of two classes, and calibration."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from reportgen.language import Quantity, published
from reportgen.results import probabilities as of
from reportgen.results.influence import Estimate, Numbers, interval, resampled
from reportgen.results.metric_facts import MetricFacts
from reportgen.results.quantity_maker import UNDEFINED, UNMEASURED
from reportgen.training.record import Evaluation

OF_TWO = frozenset(["auc", "average_precision", "brier"])
NOT_KEPT = "no probabilities were kept"
NOT_TWO = "it is defined for two classes"


class ProbabilityFacts(MetricFacts):
    """What follows from the probabilities of a split; that of the training items keeps none."""

    def members(self) -> tuple[str, ...]:
        """Return the names; those of two classes only where there are two."""
        two = len(self.classes) == 2
        return tuple(name for name in super().members() if two or name not in OF_TWO)

    @published
    def auc(self) -> Quantity:
        """Area under the ROC curve of the second of two classes: 0.5 for guessing."""
        return self._estimated("auc", of.area_under_curve)

    @published
    def average_precision(self) -> Quantity:
        """Mean precision over the steps of recall of the second of two classes."""
        name = f"{self.name}.average_precision"
        if why := self._why(two=True):
            return self._maker.absent(name, "ratio", why)
        values = [of.average_precision(run.labels, of.of_second(run)) for run in self.runs]
        if np.isnan(values).any():
            return self._maker.absent(name, "ratio", UNDEFINED)

        def again(chosen: NDArray[np.intp]) -> float:
            found = (of.average_precision(run.labels[chosen], of.of_second(run)[chosen]) for run in self.runs)
            return float(np.mean(list(found)))

        return self._maker.measured(name, values, "ratio", bounds=partial(resampled, again, len(self.labels)))

    @published
    def brier(self) -> Quantity:
        """Mean squared distance of the probability of the second of two classes from what came true."""
        return self._estimated("brier", of.brier)

    @published
    def calibration_error(self) -> Quantity:
        """Mean distance of confidence and accuracy over ten bins of confidence."""
        name = f"{self.name}.calibration_error"
        if why := self._why():
            return self._maker.absent(name, "share", why)
        correct = np.stack([run.correct for run in self.runs])
        sure = np.stack([run.confidence.astype(np.float64) for run in self.runs])
        values = [of.calibration_error(*each) for each in zip(correct, sure, strict=True)]

        return self._maker.measured(
            name, values, "share", bounds=partial(of.calibration_interval, correct, sure)
        )

    def _estimated(
        self, key: str, metric: Callable[[NDArray[np.uint8], Numbers], Estimate | None]
    ) -> Quantity:
        name = f"{self.name}.{key}"
        if why := self._why(two=True):
            return self._maker.absent(name, "ratio", why)
        found = [metric(run.labels, of.of_second(run)) for run in self.runs]
        there = [each for each in found if each is not None]
        if len(there) < len(found):
            return self._maker.absent(name, "ratio", UNDEFINED)

        return self._maker.measured(
            name, [each.value for each in there], "ratio", bounds=partial(interval, there, 0.0, 1.0)
        )

    def _why(self, *, two: bool = False) -> str:
        """Return why there is no value; empty where there is one."""
        if not self.runs or self._maker.missing:
            return self._maker.missing or UNMEASURED
        if two and len(self.classes) != 2:
            return NOT_TWO
        return "" if all(map(_kept, self.runs)) else NOT_KEPT


def _kept(run: Evaluation) -> bool:
    return len(run.confidence) == len(run.labels)
