"""Tables of the authors' own as arrays: one item a row, one column to predict, or several."""

import math
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
from reportgen.datasets.labels import label_type
from reportgen.datasets.table import LIMIT, Table, is_missing, number
from reportgen.datasets.types import COLUMNS, GROUPS
from reportgen.errors import DataError, InputError, Problem, nearest, shown
from reportgen.report.types import CLASSES, DatasetFile, TaskKind

INPUTS = 1 << 30  # bytes of all inputs
MOST = 1_000  # categories of one column
_READERS: Mapping[str, Callable[[IO[bytes], Path], Table]] = {
    ".csv": csv_files.read,
    ".parquet": parquet.read,
}
_SAID = {"0": False, "1": True, "no": False, "yes": True, "false": False, "true": True}
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
    labels = _LABELS[declared.task.kind](table, declared)
    inputs, columns = _texts(table, declared) if declared.text else _all_inputs(table, declared)
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


def _labels(table: Table, declared: DatasetFile) -> NDArray[Any]:
    """Return the column to predict as indices into the classes."""
    target = table.columns[declared.target].words
    wrong = _unknown(table, target, declared)
    if wrong:
        raise DataError(wrong)
    index = {name: place for place, name in enumerate(declared.classes)}
    return np.array([index[value] for value in target], label_type(len(declared.classes)))


def _numbers(table: Table, declared: DatasetFile) -> NDArray[np.float64]:
    """Return the columns to predict as numbers, shape (n,); of several (n, targets)."""
    found = [_number_column(table, name, declared) for name in declared.predicted]
    return np.stack(found, axis=1) if declared.targets else found[0]


def _number_column(table: Table, target: str, declared: DatasetFile) -> NDArray[np.float64]:
    column = table.columns[target]
    known = column.numbers is not None and not column.lacking.any()
    if not known:
        values = [number(cell, column.decimal or ".") for cell in column.words]
        wrong = next(at for at, value in enumerate(values) if value is None or math.isnan(value))
        message = f"{target} is {column.words[wrong][:80]!r}, which is no number"
        remedy = f'name its values as classes in [datasets.{declared.name}], in place of task = "regression"'
        if values[wrong] is not None:  # NaN: it has no value
            message = f"{target} has no value to predict"
            remedy = f'set missing = "drop" in [datasets.{declared.name}]'
        raise DataError(Problem(table.path, table.lines[wrong], message, remedy))
    assert column.numbers is not None
    if len(column.numbers) < 4:
        few = f"has {len(column.numbers)} rows, which is too few to train and test"
        raise DataError(Problem(table.path, 0, few))
    return column.numbers


def _yes_or_no(table: Table, declared: DatasetFile) -> NDArray[np.bool_]:
    """Return columns that say yes or no, shape (n, labels)."""
    found = []
    for name in declared.predicted:
        words = [cell.strip().lower() for cell in table.columns[name].words]
        odd = next((at for at, word in enumerate(words) if word not in _SAID), None)
        if odd is not None:
            message = f"{name} is {table.columns[name].words[odd][:80]!r}, which is neither yes nor no"
            remedy = f"a label is {', '.join(said for said in _SAID)}"
            raise DataError(Problem(table.path, table.lines[odd], message, remedy))
        found.append([_SAID[word] for word in words])
    if len(table.lines) < 4:
        message = f"has {len(table.lines)} rows, which is too few to train and test"
        raise DataError(Problem(table.path, 0, message))
    labels = np.array(found, bool).T
    few = [name for name, rows in zip(declared.predicted, labels.sum(axis=0), strict=True) if rows < 2]
    if few:
        message = f"there are fewer than two rows that have {', '.join(few[:20])}"
        remedy = "name it in leave_out in place of target: a label needs rows to learn from and to test with"
        raise DataError(Problem(table.path, 0, message, remedy))
    return labels


def _unknown(table: Table, target: Sequence[str], declared: DatasetFile) -> list[Problem]:
    """Return what is wrong with the column to predict."""
    first = dict(zip(reversed(target), reversed(table.lines), strict=True))
    known = set(declared.classes)
    problems = [
        Problem(
            table.path,
            line,
            f"{declared.target} is {value[:80]!r}, which is none of the declared classes",
            nearest(value, declared.classes),
        )
        for value, line in first.items()
        if value not in known
    ]
    if problems:
        return sorted(problems)[:5]
    counts = dict.fromkeys(declared.classes, 0)
    for value in target:
        counts[value] += 1
    few = [name for name, count in counts.items() if count < 2]
    if few:
        message = f"there are fewer than two rows of {', '.join(few[:20])}"
        return [Problem(table.path, 0, message, "a class needs rows to learn from and rows to test with")]
    return []


def _texts(table: Table, declared: DatasetFile) -> tuple[NDArray[np.str_], list[str]]:
    """Return a column of texts as inputs, shape (n,), and its name."""
    texts = table.columns[declared.text].words
    if not any(texts):
        raise DataError(
            Problem(table.path, 1, f"{declared.text} has no text in any row", "name another column")
        )
    longest = max(map(len, texts))
    if (size := 4 * longest * len(texts)) > INPUTS:
        message = f"{declared.text} has {len(texts):,} texts of up to {longest:,} letters: {size:,} bytes"
        raise DataError(Problem(table.path, 1, message, f"shorten the longest; the limit is {INPUTS:,}"))
    return np.array(texts), [declared.text]


def _all_inputs(table: Table, declared: DatasetFile) -> tuple[NDArray[np.float64], list[str]]:
    """Return all columns that are inputs, shape (n, inputs), and their names, such as ``colour = red``."""
    inner = table.without([*declared.predicted, declared.group, declared.time])
    if not inner.columns:
        others = ", ".join(filter(None, (*declared.predicted, declared.group, declared.time)))
        raise DataError(Problem(table.path, 1, f"has no column but {others}"))
    kinds = {name: _categories(table, name) for name in inner.columns}
    width = sum(max(len(found), 1) for found in kinds.values())
    if (size := 8 * width * len(table.lines)) > INPUTS:
        message = f"makes {width:,} inputs of each of {len(table.lines):,} rows, which is {size:,} bytes"
        raise DataError(
            Problem(table.path, 1, message, f"leave columns of words out; the limit is {INPUTS:,}")
        )
    inputs, at, names = np.zeros((len(table.lines), width)), 0, list[str]()
    for name, categories in kinds.items():
        column = inner.columns[name]
        if column.numbers is not None:
            inputs[:, at] = column.numbers
            names.append(name)
            at += 1
            continue
        places = {category: at + place for place, category in enumerate(categories)}
        for row, cell in enumerate(column.words):
            if cell in places:
                inputs[row, places[cell]] = 1
        names += [f"{name} = {category}" for category in categories]
        at += len(categories)
    return inputs, names


def _categories(table: Table, name: str) -> list[str]:
    """Return the values of a column of words; none for a column of numbers."""
    column = table.columns[name]
    if column.numbers is not None:
        return []
    values = sorted({cell for cell in column.words if not is_missing(cell)})
    if len(values) > MOST:
        message = f"{name} has {len(values):,} different values that are no numbers"
        remedy = f'leave_out = ["{name}"] in report.toml; the limit is {MOST:,}'
        raise DataError(Problem(table.path, 1, message, remedy))
    return values


_LABELS: Mapping[TaskKind, Callable[[Table, DatasetFile], NDArray[Any]]] = {
    "classification": _labels,
    "multilabel": _yes_or_no,
    "regression": _numbers,
}
