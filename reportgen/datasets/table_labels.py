"""The labels of a table: columns of classes, of yes and no, or of numbers, as arrays."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.labels import label_type
from reportgen.datasets.table import Table, number
from reportgen.errors import DataError, Problem, nearest
from reportgen.report.dataset_file import DatasetFile, TaskKind

_SAID = {"0": False, "1": True, "no": False, "yes": True, "false": False, "true": True}


def _classes(table: Table, declared: DatasetFile) -> NDArray[Any]:
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


LABELS: Mapping[TaskKind, Callable[[Table, DatasetFile], NDArray[Any]]] = {
    "classification": _classes,
    "multilabel": _yes_or_no,
    "regression": _numbers,
}
"""By task, what makes arrays of the columns to predict."""
