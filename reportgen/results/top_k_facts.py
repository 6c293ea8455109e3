"""Top-k accuracy: how often the true class is among the k likeliest, for any k that is asked for."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reportgen.language import FactError, MissingError, Quantity
from reportgen.results.probability_facts import NOT_KEPT, ProbabilityFacts
from reportgen.results.quantity_maker import UNMEASURED
from reportgen.results.statistics import accuracy_interval

NAME: Final = re.compile(r"top([1-9]\d{0,4})_accuracy")
USUAL: Final = "top5_accuracy"
NO_RANKS: Final = "its result is of an earlier version, which kept no ranks: clear it away and train it again"


class TopFacts(ProbabilityFacts):
    """What follows from how many classes were held likelier than the true one, of each item."""

    def members(self) -> tuple[str, ...]:
        """Return the names; of top-k accuracies that of the likeliest five, where it can be had."""
        usual = (USUAL,) if self.runs and len(self.classes) > 5 and not self._unranked() else ()
        return (*super().members(), *usual)

    def member(self, key: object) -> object:
        """Return a published member, or ``top3_accuracy``, for any number from 2."""
        found = NAME.fullmatch(key) if isinstance(key, str) else None
        return self._top(int(found[1])) if found else super().member(key)

    def describe(self, key: str) -> str:
        """Return what a member means."""
        found = NAME.fullmatch(key)
        return (
            f"Share of items whose class is among the {found[1]} likeliest."
            if found
            else super().describe(key)
        )

    def within(self, most: int) -> NDArray[np.bool_]:
        """Return whether the true class of each item is among so many likeliest, shape (seeds, n)."""
        name = f"{self.name}.top{most}_accuracy"
        if not 2 <= most < len(self.classes):
            raise FactError(
                f"{name}: there are {len(self.classes)} classes", "name a number from 2 below that"
            )
        if why := self._unranked():
            raise MissingError(f"{name}: {why}")
        return np.stack([run.ranks < most for run in self.runs])

    def _top(self, most: int) -> Quantity:
        name = f"{self.name}.top{most}_accuracy"
        try:
            right = self.within(most)
        except MissingError:
            return self._maker.absent(name, "share", self._unranked())

        shares = [Fraction(int(row.sum()), row.size) for row in right]
        n, k = right.shape[1], int(right[0].sum())
        return self._maker.measured(name, shares, "share", n=n, k=k, bounds=partial(accuracy_interval, right))

    def _unranked(self) -> str:
        """Return why there are no ranks; empty where there are."""
        if not self.runs or self._maker.missing:
            return self._maker.missing or UNMEASURED
        if all(len(run.ranks) for run in self.runs):
            return ""
        return NO_RANKS if all(len(run.confidence) for run in self.runs) else NOT_KEPT
