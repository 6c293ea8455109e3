"""The inputs of a table: columns of numbers, words as categories, or one column of texts, as arrays."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.table import Table, is_missing
from reportgen.errors import DataError, Problem
from reportgen.report.dataset_file import DatasetFile

LIMIT = 1 << 30  # bytes of all inputs
MOST = 1_000  # categories of one column


def inputs_of(table: Table, declared: DatasetFile) -> tuple[NDArray[Any], list[str]]:
    """Return the inputs of all rows, and their names.

    Raises
    ------
    DataError
        If there are none, or too many.
    """
    return _texts(table, declared) if declared.text else _all(table, declared)


def _texts(table: Table, declared: DatasetFile) -> tuple[NDArray[np.str_], list[str]]:
    """Return a column of texts as inputs, shape (n,), and its name."""
    texts = table.columns[declared.text].words
    if not any(texts):
        raise DataError(
            Problem(table.path, 1, f"{declared.text} has no text in any row", "name another column")
        )
    longest = max(map(len, texts))
    if (size := 4 * longest * len(texts)) > LIMIT:
        message = f"{declared.text} has {len(texts):,} texts of up to {longest:,} letters: {size:,} bytes"
        raise DataError(Problem(table.path, 1, message, f"shorten the longest; the limit is {LIMIT:,}"))
    return np.array(texts), [declared.text]


def _all(table: Table, declared: DatasetFile) -> tuple[NDArray[np.float64], list[str]]:
    """Return all columns that are inputs, shape (n, inputs), and their names, such as ``colour = red``."""
    inner = table.without([*declared.predicted, declared.group, declared.time])
    if not inner.columns:
        others = ", ".join(filter(None, (*declared.predicted, declared.group, declared.time)))
        raise DataError(Problem(table.path, 1, f"has no column but {others}"))
    kinds = {name: _categories(table, name) for name in inner.columns}
    width = sum(max(len(found), 1) for found in kinds.values())
    if (size := 8 * width * len(table.lines)) > LIMIT:
        message = f"makes {width:,} inputs of each of {len(table.lines):,} rows, which is {size:,} bytes"
        raise DataError(
            Problem(table.path, 1, message, f"leave columns of words out; the limit is {LIMIT:,}")
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
