"""Tables of the authors' own as arrays: one item a row, one column to predict, or several."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

import numpy as np
from numpy.typing import NDArray

from reportgen import files
from reportgen.datasets import csv_files, parquet, splitting, table_parts
from reportgen.datasets.fetch_types import Arrays
from reportgen.datasets.table import LIMIT, Table, is_missing
from reportgen.datasets.table_inputs import inputs_of
from reportgen.datasets.table_labels import LABELS
from reportgen.datasets.types import COLUMNS, GROUPS
from reportgen.errors import DataError, InputError, Problem, shown
from reportgen.report.dataset_file import CLASSES, DatasetFile

_READERS: Mapping[str, Callable[[IO[bytes], Path], Table]] = {
    ".csv": csv_files.read,
    ".parquet": parquet.read,
}
_FEW = 20  # different whole numbers that may stand for classes


def read_table(file: IO[bytes], declared: DatasetFile) -> Arrays:
    """Read and check the table in a file, and split it into training and test rows.

    Test rows are drawn by chance in equal shares of classes, or of sets of labels (of numbers from all
    alike), as whole groups, or they are the latest ones. The columns that say group and time are no inputs.

    A column whose cells are all numbers is one input; of any other each value is an input of its own, 1
    where a row has it and else 0, in the order of the alphabet. Inputs are float64, of shape (n, inputs).
    Where a column is declared as text, its cells alone are the inputs: str of shape (n,).

    Raises
    ------
    DataError
        All that is wrong with the file, at once.
    """
    table = _read(file, declared.path)
    for name in declared.predicted:
        table.require(name, "to predict")
    for name in declared.leave_out:
        table.require(name, "to leave out")
    for name, purpose in ((declared.group, "to group by"), (declared.time, "to order by")):
        if name:
            table.require(name, purpose)
    if declared.text:
        table.require(declared.text, "to read")
        used = {declared.text, *declared.predicted, declared.group, declared.time}
        table = table.without([name for name in table.columns if name not in used])
    table = _whole(table.without(declared.leave_out), declared)
    labels = LABELS[declared.task.kind](table, declared)
    inputs, columns = inputs_of(table, declared)
    parts = table_parts.parts_of(table, declared, labels)
    found: dict[str, NDArray[Any]] = {
        "train_images": inputs[parts.train],
        "train_labels": labels[parts.train],
        "test_images": inputs[parts.test],
        "test_labels": labels[parts.test],
        COLUMNS: np.array(columns),
    }
    if declared.group:
        found[GROUPS] = table_parts.groups_of(table, declared)[parts.train]
        if wrong := splitting.divided(found[GROUPS], declared.validation):
            raise DataError(Problem(shown(declared.place.path), declared.place.line, wrong))
    return found


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
    try:
        with files.opened(path, LIMIT) as descriptor, open(descriptor, "rb", closefd=False) as file:
            table = _read(file, path)
    except InputError as error:
        raise DataError(error.problems) from None
    if target or not table.columns:
        table.require(target, "to predict")
    chosen = target or list(table.columns)[-1]
    lacking = int(np.sum(np.any(list(table.lacking().values()), axis=0)))
    column = table.columns[chosen]
    classes = sorted({cell for cell in column.words if not is_missing(cell)})
    if column.numbers is not None and _to_predict(np.unique(column.numbers[~column.lacking]).tolist()):
        return Described(chosen, (), lacking)
    most = max(2, min(CLASSES, len(column.words) // 2))
    if not 2 <= len(classes) <= most:
        message = (
            f"{chosen} has {len(classes):,} different values in {len(column.words):,} rows:"
            f" what is predicted are 2 to {most:,} classes of two rows at least"
        )
        raise DataError(
            Problem(table.path, 1, message, f"choose another column: {', '.join(list(table.columns)[:9])}")
        )
    return Described(chosen, tuple(classes), lacking)


def _read(file: IO[bytes], path: Path) -> Table:
    if (size := os.fstat(file.fileno()).st_size) > LIMIT:
        raise DataError(Problem(shown(path), 0, f"has {size:,} bytes; the limit of a table is {LIMIT:,}"))
    return _READERS[path.suffix.lower()](file, path)


def _to_predict(numbers: Sequence[float]) -> bool:
    """Tell whether different numbers are to be predicted as such: some are fractions, or they are many."""
    return len(numbers) > 1 and (len(numbers) > _FEW or any(not value.is_integer() for value in numbers))


def _whole(table: Table, declared: DatasetFile) -> Table:
    """Return a table whose cells all have values, or as its authors want it."""
    empty = {name: gaps for name, gaps in table.lacking().items() if gaps.any()}
    if not empty or declared.missing == "keep":
        return table
    lacking = np.any(list(empty.values()), axis=0)
    told = ", ".join(f"{name} ({gaps.sum()})" for name, gaps in empty.items())
    if lacking.all():
        message = f"no row has a value in every column; rows without one: {told}"
        raise DataError(Problem(table.path, table.lines[0], message, "leave the emptiest columns out"))
    if declared.missing == "drop":
        return table.take(np.flatnonzero(~lacking))
    message = f"{lacking.sum()} of {len(lacking)} rows have no value in some column: {told}"
    kept = "empty" if declared.text else "as NaN"
    # What is predicted must have a value.
    keep = f' or "keep" ({kept})' if not empty.keys() & {*declared.predicted} else ""
    remedy = f'set missing = "drop" (those rows){keep} in [datasets.{declared.name}]'
    raise DataError(Problem(table.path, table.lines[int(np.argmax(lacking))], message, remedy))
