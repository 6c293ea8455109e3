"""A model that a figure shows beside others."""

from dataclasses import dataclass
from functools import cached_property

from reportgen.results.split_facts import SplitFacts, test_facts
from reportgen.training.record import Record


@dataclass(frozen=True)
class Compared:
    """A model to compare: its title, its records (one a seed) and its data set's title."""

    title: str
    records: tuple[Record, ...]
    dataset: str

    @cached_property
    def test(self) -> SplitFacts:
        """What was measured on the test split, over all seeds: the same facts that answers name."""
        return test_facts(self.records)
