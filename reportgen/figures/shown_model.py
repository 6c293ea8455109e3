"""A model as figures take it: its results, and the facts about them that answers name, too."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from reportgen.language import style_of
from reportgen.report.dataset_file import Task
from reportgen.results.history import HistoryFacts, history
from reportgen.results.on_split import OnSplit
from reportgen.results.quantity_maker import Maker
from reportgen.results.tasks import rules
from reportgen.training.record import Record

F = TypeVar("F", bound=OnSplit)
_MAKER = Maker(style_of("en"))  # figures write numbers in their own way


@dataclass(frozen=True)
class ShownModel:
    """A model to draw.

    Points and curves are drawn from its records; every number that is written comes from its facts.

    Attributes
    ----------
    title : str
        What the report calls it.
    records : tuple of Record
        One a seed.
    names : tuple of str
        Of classes, labels or targets, in order.
    dataset : str
        The title of its data set.
    required : float or None
        The test accuracy that it must reach.
    """

    title: str
    records: tuple[Record, ...]
    names: tuple[str, ...] = ()
    dataset: str = ""
    required: float | None = None

    @property
    def first(self) -> Record:
        """The result of the first seed."""
        return self.records[0]

    @property
    def of_first_seed(self) -> ShownModel:
        """The model as its first seed alone would show it."""
        return replace(self, records=self.records[:1])

    @property
    def keys(self) -> tuple[str, ...]:
        """What identifies its results."""
        return tuple(record.key for record in self.records)

    @cached_property
    def test(self) -> OnSplit:
        """What was measured on the test items, over all seeds."""
        return self.measured("test")

    def measured(self, split: str) -> OnSplit:
        """Return what was measured on a split, over all seeds."""
        runs = [record.evaluations[split] for record in self.records]
        task = Task(self.first.task, self.names or _unnamed(self.first))
        return rules(task).facts(split, split, runs, task.names, _MAKER)

    def tested(self, kind: type[F]) -> F:
        """Return `test` as the facts of the task that a figure is of."""
        if not isinstance(self.test, kind):
            raise TypeError(f"{self.title} has {type(self.test).__name__}, not {kind.__name__}")
        return self.test

    @cached_property
    def history(self) -> HistoryFacts:
        """Its curves, over all seeds."""
        return history("history", self.records, _MAKER)


def _unnamed(record: Record) -> tuple[str, ...]:
    """Return numbers as names of labels or targets, where a figure names none."""
    labels = record.evaluations["test"].labels
    return tuple(map(str, range(labels.shape[1]))) if labels.ndim > 1 else ()
