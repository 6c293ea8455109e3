"""A table of the authors': named columns of words or numbers, whatever file they come from."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import DataError, Problem, nearest

LIMIT = 1 << 28  # bytes of the file
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "?"})


@dataclass(frozen=True)
class Column:
    """The cells of a column.

    Attributes
    ----------
    numbers : ndarray of float64 or None
        Where all cells are numbers, or have no value (NaN).
    texts : sequence of str or None
        As they stand in the file; None where the file holds numbers.
    decimal : str
        The decimal point of numbers among the texts; empty where the file itself says that they are words.
    """

    numbers: NDArray[np.float64] | None = None
    texts: Sequence[str] | None = None
    decimal: str = ""

    @classmethod
    def of(cls, texts: Sequence[str], decimal: str) -> "Column":
        """Return a column of text, in which all cells may be numbers."""
        found = []
        for text in texts:
            value = number(text, decimal)
            if value is None:
                return cls(None, texts, decimal)
            found.append(value)
        return cls(np.array(found, np.float64), texts, decimal)

    @property
    def words(self) -> Sequence[str]:
        """The cells as text."""
        if self.texts is not None:
            return self.texts
        assert self.numbers is not None
        return [_text(value) for value in self.numbers.tolist()]

    @property
    def lacking(self) -> NDArray[np.bool_]:
        """Which cells have no value."""
        if self.numbers is not None:
            return np.isnan(self.numbers)
        return np.array([is_missing(cell) for cell in self.words], bool)

    def take(self, rows: NDArray[np.intp]) -> "Column":
        """Return these rows of the column."""
        if self.texts is None:
            assert self.numbers is not None
            return Column(self.numbers[rows])
        texts = [self.texts[row] for row in rows]
        return Column.of(texts, self.decimal) if self.decimal else Column(None, texts)


@dataclass(frozen=True)
class Table:
    """Columns of one length by their names; `lines` are those of the rows, or their numbers from 1."""

    path: str
    columns: Mapping[str, Column]
    lines: Sequence[int]

    def lacking(self) -> Mapping[str, NDArray[np.bool_]]:
        """Return of each column which rows have no value in it."""
        return {name: column.lacking for name, column in self.columns.items()}

    def take(self, rows: NDArray[np.intp]) -> "Table":
        """Return these rows of the table."""
        columns = {name: column.take(rows) for name, column in self.columns.items()}
        return replace(self, columns=columns, lines=[self.lines[row] for row in rows])

    def without(self, names: Sequence[str]) -> "Table":
        """Return the table without these columns."""
        return replace(self, columns={name: each for name, each in self.columns.items() if name not in names})

    def require(self, name: str, purpose: str) -> None:
        """Refuse a name that no column has; `purpose` says what it was wanted for."""
        if name not in self.columns:
            message = f"has no column {name!r} {purpose}"
            raise DataError(Problem(self.path, 1, message, nearest(name, self.columns)))


def by_column(names: Sequence[str]) -> Mapping[str, list[int]]:
    """Return the inputs that each column has become, from their names, such as ``colour = red``."""
    found: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        found.setdefault(name.partition(" = ")[0], []).append(place)
    return found


def number(cell: str, decimal: str) -> float | None:
    """Return a cell as a finite number, NaN where it has no value, and None where it is a word."""
    if is_missing(cell):
        return math.nan
    try:
        value = float(cell.replace(decimal, ".") if decimal != "." else cell)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in cell else None


def is_missing(cell: str) -> bool:
    """Tell whether a cell has no value."""
    return cell.lower() in MISSING


def distinct(names: Sequence[str], path: str) -> None:
    """Refuse a name that two columns have."""
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise DataError(Problem(path, 1, f"two columns are called {twice!r}", "each needs a name of its own"))


def _text(value: float) -> str:
    if math.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() else repr(value)
