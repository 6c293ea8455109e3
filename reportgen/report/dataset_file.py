"""A data set of the authors' own, and the task that a data set sets."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from reportgen.errors import Place

CLASSES = 10_000
"""How many classes a data set may have."""
TABLES = (".csv", ".parquet")
"""Ends of the names of files that are tables."""
Missing = Literal["error", "drop", "keep"]
"""What becomes of rows without a value."""
TaskKind = Literal["classification", "multilabel", "regression"]
"""What labels are: one of several classes, any of several labels, or numbers."""


@dataclass(frozen=True)
class Task:
    """What is to be predicted.

    `names` are those of the classes, labels or targets, in order; a single number has none.
    """

    kind: TaskKind
    names: tuple[str, ...] = ()

    @classmethod
    def usual(cls, classes: Sequence[str]) -> "Task":
        """Return the task of data of which only the class names are known: without any, a number."""
        return cls("classification", tuple(classes)) if classes else cls("regression")


@dataclass(frozen=True)
class DatasetFile:
    """A data set of the authors' own: an ``.npz`` of four arrays, a table, or what a function returns.

    Without classes a number is predicted, or one for each of several `targets`; where it is `multilabel`, an
    item may be of any number of the classes. A file outside answers/, or at a `url`, has a `sha256`; of one
    at a `url`, `path` is only its name; of a `function` it is that of models.py; it may be a `folder` of
    images.
    `items` is what one item is called, and several are.
    Of a table `target` is the column to predict, or `targets` are several, `test` the share of the rows that
    are held out for the test, `seed` what they are drawn by, `group` a column whose rows of one value stay
    together, `time` a column by which the latest rows are the test, `leave_out` the columns that are not
    used, `text` the one column that is, as texts, and `missing` what becomes of rows without a value.
    """

    name: str
    title: str
    path: Path
    classes: tuple[str, ...]
    validation: int
    place: Place
    target: str = ""
    test: float = 0.25
    seed: int = 0
    missing: Missing = "error"
    group: str = ""
    time: str = ""
    leave_out: tuple[str, ...] = ()
    text: str = ""
    items: tuple[str, str] | None = None
    sha256: str = ""
    url: str = ""
    function: str = ""
    targets: tuple[str, ...] = ()
    multilabel: bool = False

    @property
    def table(self) -> bool:
        """Whether the file is a table."""
        return not self.function and self.path.suffix.lower() in TABLES

    @property
    def predicted(self) -> tuple[str, ...]:
        """Of a table, the columns to predict."""
        return self.targets or (self.target,)

    @property
    def task(self) -> Task:
        """What is to be predicted."""
        if self.multilabel:
            return Task("multilabel", self.classes)
        return Task("classification", self.classes) if self.classes else Task("regression", self.targets)

    @property
    def stored(self) -> bool:
        """Whether there is a file that has to be on the machine which trains."""
        return not (self.url or self.function)

    @property
    def folder(self) -> bool:
        """Whether it is a folder of images, one for each class."""
        named_as_file = self.path.suffix.lower() in (".npz", *TABLES)
        return self.stored and not named_as_file and self.path.is_dir()

    @property
    def regression(self) -> bool:
        """Whether numbers are predicted."""
        return not self.classes
