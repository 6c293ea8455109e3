"""Tables of the authors' own: CSV files, one item a row, one column to predict."""

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from reportgen import files
from reportgen.datasets.fetch_types import Arrays
from reportgen.errors import DataError, InputError, Problem, nearest, shown
from reportgen.report.types import DatasetFile

LIMIT = 1 << 28  # bytes of the file
INPUTS = 1 << 30  # bytes of all inputs
_SEPARATORS = (",", ";", "\t")
MOST = 1_000  # categories of one column
_FEW = 20  # different whole numbers that may stand for classes
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "?"})


@dataclass(frozen=True)
class _Table:
    """The cells of a CSV file: rows of as many cells as there are names, each with its line.

    Where semicolons separate cells, as many spreadsheets write them, a comma may be that of a number.
    """

    path: str
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    decimal: str = "."

    def column(self, name: str) -> list[str]:
        """Return the cells of a column."""
        place = self.names.index(name)
        return [row[place] for row in self.rows]


def read_table(declared: DatasetFile) -> Arrays:
    """Read and check a table, and split it by chance into training and test rows, in equal shares of classes.

    Where a number is predicted, the rows are drawn from all alike.

    A column whose cells are all numbers is one input; of any other each value is an input of its own, 1
    where a row has it and else 0, in the order of the alphabet. Inputs are float64, of shape (n, inputs).

    Raises
    ------
    DataError
        All that is wrong with the file, at once.
    """
    table = _whole(_read(declared.path, declared.target), declared)
    labels = _numbers(table, declared) if declared.regression else _labels(table, declared)
    inputs = _all_inputs(table, [name for name in table.names if name != declared.target])
    groups = np.zeros(len(labels), np.uint8) if declared.regression else labels
    held_out = _held_out(groups, declared.test, declared.seed)
    order = np.random.default_rng([declared.seed, 1]).permutation(np.flatnonzero(~held_out))
    return {
        "train_images": inputs[order],
        "train_labels": labels[order],
        "test_images": inputs[held_out],
        "test_labels": labels[held_out],
    }


@dataclass(frozen=True)
class Described:
    """What a table shows by itself: the column to predict, and how many rows lack some value.

    `classes` are its values, none where it holds numbers to predict.
    """

    target: str
    classes: tuple[str, ...]
    lacking: int

    @property
    def missing(self) -> Literal["error", "drop"]:
        """What has to become of rows without a value."""
        return "drop" if self.lacking else "error"


def described(path: Path, target: str) -> Described:
    """Look at a table; without a `target` its last column is predicted.

    Raises
    ------
    DataError
        If it is no table, or what would be predicted are no classes.
    """
    table = _read(path, target)
    chosen = target or table.names[-1]
    lacking = sum(any(_missing(cell) for cell in row) for row in table.rows)
    classes = sorted({cell for cell in table.column(chosen) if not _missing(cell)})
    if _to_predict([_number(value, table.decimal) for value in classes]):
        return Described(chosen, (), lacking)
    if not 2 <= len(classes) <= 256:
        message = f"{chosen} has {len(classes):,} different values: what is predicted are 2 to 256 classes"
        raise DataError(
            Problem(table.path, 1, message, f"choose another column: {', '.join(table.names[:9])}")
        )
    return Described(chosen, tuple(classes), lacking)


def _to_predict(values: Sequence[float | None]) -> bool:
    """Tell whether different values are numbers to predict: some are fractions, or they are many."""
    numbers = [value for value in values if value is not None]
    if len(numbers) < len(values) or len(numbers) < 2:
        return False
    return len(numbers) > _FEW or any(not value.is_integer() for value in numbers)


def _read(source: Path, target: str) -> _Table:
    """Read a table that has a column `target`, if one is named."""
    path = shown(source)
    try:
        text = files.text(source, LIMIT)
        separator = _separator(text)
        reader = csv.reader(io.StringIO(text), strict=True, delimiter=separator)
        names = tuple(name.strip() for name in next(reader, ()))
        rows, lines = [], []
        for row in reader:
            if row:
                rows.append(tuple(cell.strip() for cell in row))
                lines.append(reader.line_num)
    except InputError as error:
        raise DataError(error.problems) from None
    except csv.Error as error:
        raise DataError(Problem(path, reader.line_num, f"is not a CSV file: {error}")) from None
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise DataError(
            Problem(path, 1, f"two columns are called {twice!r}", "the first row names the columns")
        )
    if not names or (target and target not in names):
        remedy = nearest(target, names)
        raise DataError(Problem(path, 1, f"has no column {target!r} to predict", remedy))
    ragged = next((at for at, row in enumerate(rows) if len(row) != len(names)), None)
    if ragged is not None:
        message = f"has {len(rows[ragged])} cells in a row, but {len(names)} columns"
        raise DataError(Problem(path, lines[ragged], message))
    return _Table(path, names, tuple(rows), tuple(lines), "," if separator == ";" else ".")


def _separator(text: str) -> str:
    """Return what separates the names in the first row."""
    head = text.partition("\n")[0]
    return max(_SEPARATORS, key=head.count)


def _whole(table: _Table, declared: DatasetFile) -> _Table:
    """Return a table whose cells all have values, or as its authors want it."""
    empty = [[_missing(cell) for cell in row] for row in table.rows]
    lacking = [any(row) for row in empty]
    if not any(lacking) or declared.missing == "keep":
        return table
    if declared.missing == "drop":
        kept = [at for at, gap in enumerate(lacking) if not gap]
        return _Table(
            table.path,
            table.names,
            tuple(table.rows[at] for at in kept),
            tuple(table.lines[at] for at in kept),
            table.decimal,
        )
    counts = {name: sum(row[place] for row in empty) for place, name in enumerate(table.names)}
    told = ", ".join(f"{name} ({count})" for name, count in counts.items() if count)
    message = f"{sum(lacking)} of {len(lacking)} rows have no value in some column: {told}"
    remedy = f'set missing = "drop" (those rows) or "keep" (as NaN) in [datasets.{declared.name}]'
    raise DataError(Problem(table.path, table.lines[lacking.index(True)], message, remedy))


def _labels(table: _Table, declared: DatasetFile) -> NDArray[np.uint8]:
    """Return the column to predict as indices into the classes."""
    target = table.column(declared.target)
    wrong = _unknown(table, target, declared)
    if wrong:
        raise DataError(wrong)
    return np.array([declared.classes.index(value) for value in target], np.uint8)


def _numbers(table: _Table, declared: DatasetFile) -> NDArray[np.float64]:
    """Return the column to predict as numbers."""
    cells = table.column(declared.target)
    found = [_number(cell, table.decimal) for cell in cells]
    wrong = next((at for at, value in enumerate(found) if value is None or math.isnan(value)), None)
    if wrong is not None:
        message = f"{declared.target} is {cells[wrong][:80]!r}, which is no number"
        remedy = f'name its values as classes in [datasets.{declared.name}], in place of task = "regression"'
        raise DataError(Problem(table.path, table.lines[wrong], message, remedy))
    if len(found) < 4:
        raise DataError(Problem(table.path, 0, f"has {len(found)} rows, which is too few to train and test"))
    return np.array(found, np.float64)


def _unknown(table: _Table, target: Sequence[str], declared: DatasetFile) -> list[Problem]:
    """Return what is wrong with the column to predict."""
    first = dict(zip(reversed(target), reversed(table.lines), strict=True))
    problems = [
        Problem(
            table.path,
            line,
            f"{declared.target} is {value[:80]!r}, which is none of the declared classes",
            nearest(value, declared.classes),
        )
        for value, line in first.items()
        if value not in declared.classes
    ]
    if problems:
        return sorted(problems)[:5]
    few = [name for name in declared.classes if target.count(name) < 2]
    if few:
        message = f"there are fewer than two rows of {', '.join(few)}"
        return [Problem(table.path, 0, message, "a class needs rows to learn from and rows to test with")]
    return []


def _all_inputs(table: _Table, names: Sequence[str]) -> NDArray[np.float64]:
    """Return the columns of these names as inputs, shape (n, inputs)."""
    if not names:
        raise DataError(Problem(table.path, 1, f"has no column but {table.names[0]}"))
    kinds = {name: _categories(table, name) for name in names}
    width = sum(max(len(found), 1) for found in kinds.values())
    if (size := 8 * width * len(table.rows)) > INPUTS:
        message = f"makes {width:,} inputs of each of {len(table.rows):,} rows, which is {size:,} bytes"
        raise DataError(
            Problem(table.path, 1, message, f"leave columns of words out; the limit is {INPUTS:,}")
        )
    inputs, at = np.zeros((len(table.rows), width)), 0
    for name, categories in kinds.items():
        cells = table.column(name)
        if not categories:
            inputs[:, at] = [_number(cell, table.decimal) for cell in cells]
            at += 1
            continue
        places = {category: at + place for place, category in enumerate(categories)}
        for row, cell in enumerate(cells):
            if cell in places:
                inputs[row, places[cell]] = 1
        at += len(categories)
    return inputs


def _categories(table: _Table, name: str) -> list[str]:
    """Return the values of a column of words; none for a column of numbers."""
    values = sorted({cell for cell in table.column(name) if not _missing(cell)})
    if all(_number(value, table.decimal) is not None for value in values):
        return []
    if len(values) > MOST:
        message = f"{name} has {len(values):,} different values that are no numbers"
        raise DataError(Problem(table.path, 1, message, f"leave the column out; the limit is {MOST:,}"))
    return values


def _number(cell: str, decimal: str) -> float | None:
    """Return a cell as a finite number, NaN where it has no value, and None where it is a word."""
    if _missing(cell):
        return math.nan
    try:
        value = float(cell.replace(decimal, ".") if decimal != "." else cell)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in cell else None


def _missing(cell: str) -> bool:
    return cell.lower() in MISSING


def _held_out(labels: NDArray[Any], share: float, seed: int) -> NDArray[np.bool_]:
    """Return which rows are test rows: this share of each class, and at least one."""
    chosen = np.zeros(len(labels), bool)
    generator = np.random.default_rng([seed, 0])
    for label in np.unique(labels):
        rows = generator.permutation(np.flatnonzero(labels == label))
        chosen[rows[: min(max(round(share * len(rows)), 1), len(rows) - 1)]] = True
    return chosen
