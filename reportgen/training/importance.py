"""Importance of a table's columns, or of several inputs: how much worse a model is where one is shuffled."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.inputs import Inputs, NamedInputs
from reportgen.datasets.table import by_column
from reportgen.datasets.types import Split
from reportgen.training.folds import thinned

REPEATS = 10
ROWS = 2_000  # at most, evenly spread over the validation rows
COLUMNS = 200  # at most: each costs as many predictions of all rows as there are repeats
Predict = Callable[[Split], NDArray[Any]]


def importance(
    columns: Sequence[str], held_out: Split, predict: Predict, seed: int
) -> dict[str, tuple[float, ...]]:
    """Return by how much accuracy or R² falls, or the mean error grows, at each shuffling of a column.

    The inputs that a column of words has become are shuffled together, and so is all that one of several
    inputs holds. There is nothing to return for what is neither, and for a table of too many columns.

    Parameters
    ----------
    columns : sequence of str
        Name of each input, such as ``length`` or ``colour = red``; none of a single one that is no table.
    held_out : Split
        Validation rows.
    predict : callable
        Returns classes or numbers for a split.
    """
    places = by_column(columns)
    table = bool(held_out.several) or held_out.arrays[0].ndim == 2
    if not table or not 1 <= len(places) <= COLUMNS:
        return {}
    rows = thinned(held_out, ROWS)
    before = _error(predict(rows), rows.labels)
    random = np.random.default_rng(seed)
    found = {}
    for name, chosen in places.items():
        drops = []
        for _ in range(REPEATS):
            shuffled = _shuffled(rows.inputs, name, chosen, random.permutation(len(rows.labels)))
            drops.append(_error(predict(Split(shuffled, rows.labels)), rows.labels) - before)
        found[name] = tuple(drops)
    return found


def _shuffled(inputs: Inputs, name: str, chosen: list[int], order: NDArray[np.intp]) -> Inputs:
    """Return inputs with one of several, or some columns of a table, in another order."""
    if isinstance(inputs, NamedInputs):
        return inputs.replaced(name, inputs.parts[name][order])
    found = inputs.copy()
    found[:, chosen] = inputs[order][:, chosen]
    return found


def _error(predicted: NDArray[Any], labels: NDArray[Any]) -> float:
    """Return the share of items that are wrong, or the mean absolute error of numbers.

    Of several labels an item is wrong where one of them is; of several targets, whose units may differ, it is
    the mean of the shares of their variance that are not explained.
    """
    if labels.dtype.kind != "f":
        return float(np.mean((predicted != labels).reshape(len(labels), -1).any(axis=1)))
    if labels.ndim == 1:
        return float(np.mean(np.abs(predicted - labels)))
    spread = labels.var(axis=0)
    return float(np.mean(np.mean((predicted - labels) ** 2, axis=0) / np.where(spread > 0, spread, 1.0)))
