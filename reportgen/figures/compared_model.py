"""A model of a figure that shows several."""

from dataclasses import dataclass

from reportgen.training.record import Record


@dataclass(frozen=True)
class Compared:
    """A model to compare: its title, its records (one a seed) and its data set's title."""

    title: str
    records: tuple[Record, ...]
    dataset: str
