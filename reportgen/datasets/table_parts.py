"""Which rows of a table are for the test, as its authors declare it; each class is on both sides."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets import splitting
from reportgen.datasets.splitting import Parts, Rows
from reportgen.datasets.table import Table
from reportgen.errors import DataError, Problem
from reportgen.report.dataset_file import DatasetFile, TaskKind

_DATE = re.compile(r"\d{4}-\d\d(-\d\d)?([T ]|$)")


def parts_of(table: Table, declared: DatasetFile, labels: NDArray[Any]) -> Parts:
    """Return which rows are to train on and which for the test, every class and label among both.

    Raises
    ------
    DataError
        If a class or label is not, or rows can't be divided so.
    """
    alike = _ALIKE[declared.task.kind](labels, declared.test)
    if declared.group:
        groups = groups_of(table, declared)
        if groups.max() < 1:
            message = f"all rows are of one {declared.group}, and rows of one group are not divided"
            raise DataError(Problem(table.path, 0, message))
        parts = splitting.by_group(groups, alike, declared.test, declared.seed)
    elif declared.time:
        parts = splitting.by_time(_times(table, declared), declared.test)
    else:
        parts = splitting.at_random(alike, declared.test, declared.seed)
    for rows, place in ((parts.train, "to train on"), (parts.test, "in the test")):
        if absent := _absent(declared, labels, rows):
            remedy = "give another share as test" + ", or another seed" * (not declared.time)
            split = f"by {declared.group or declared.time or 'chance'}"
            message = f"split {split} there are no rows of {', '.join(absent[:20])} {place}"
            raise DataError(Problem(table.path, 0, message, remedy))
    return parts


def groups_of(table: Table, declared: DatasetFile) -> Rows:
    """Return the group of each row, as a number."""
    found: Rows = np.unique(table.columns[declared.group].words, return_inverse=True)[1]
    return found


def _absent(declared: DatasetFile, labels: NDArray[Any], rows: Rows) -> list[str]:
    """Return the classes or labels that none of these rows has; of numbers there are none."""
    if not declared.classes:
        return []
    seen = labels[rows]
    there = set(np.flatnonzero(seen.any(axis=0)) if seen.ndim > 1 else np.unique(seen))
    return [name for place, name in enumerate(declared.classes) if place not in there]


def _times(table: Table, declared: DatasetFile) -> NDArray[Any]:
    """Return the time of each row: a number, or a date that sorts as text."""
    column = table.columns[declared.time]
    wrong = column.lacking
    if column.numbers is None:
        wrong = np.array([not _DATE.match(cell) for cell in column.words], bool)
    if wrong.any():
        at = int(np.argmax(wrong))
        message = f"{declared.time} is {column.words[at][:80]!r}, which is no time to order by"
        raise DataError(Problem(table.path, table.lines[at], message, "numbers, or dates such as 2026-01-31"))
    return column.numbers if column.numbers is not None else np.array(column.words)


_ALIKE: Mapping[TaskKind, Callable[[NDArray[Any], float], NDArray[Any]]] = {
    "classification": lambda labels, share: labels,
    "multilabel": splitting.label_strata,
    "regression": lambda labels, share: np.zeros(len(labels), np.uint8),
}
"""By which value rows are divided in equal shares."""
