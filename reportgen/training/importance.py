"""Importance of a table's columns: how much worse a model gets where one of them is shuffled."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.types import Split
from reportgen.training.folds import thinned

REPEATS = 10
ROWS = 2_000  # at most, evenly spread over the validation rows
COLUMNS = 200  # at most: each costs as many predictions of all rows as there are repeats
Predict = Callable[[Split], NDArray[Any]]


def importance(
    columns: Sequence[str], held_out: Split, predict: Predict, seed: int
) -> dict[str, tuple[float, ...]]:
    """Return by how much accuracy falls, or the mean absolute error grows, at each shuffling of a column.

    The inputs that a column of words has become are shuffled together. There is nothing to return for what
    is no table, for one of too many columns, and for several targets, whose units may differ.

    Parameters
    ----------
    columns : sequence of str
        Name of each input, such as ``length`` or ``colour = red``; none of what is no table.
    held_out : Split
        Validation rows.
    predict : callable
        Returns classes or numbers for a split.
    """
    places = _places(columns)
    targets = held_out.labels.dtype.kind == "f" and held_out.labels.ndim > 1
    if targets or held_out.texts or held_out.inputs.ndim != 2 or not 1 <= len(places) <= COLUMNS:
        return {}
    rows = thinned(held_out, ROWS)
    before = _error(predict(rows), rows.labels)
    random = np.random.default_rng(seed)
    found = {}
    for name, chosen in places.items():
        drops = []
        for _ in range(REPEATS):
            shuffled = rows.inputs.copy()
            shuffled[:, chosen] = shuffled[random.permutation(len(shuffled))][:, chosen]
            drops.append(_error(predict(Split(shuffled, rows.labels)), rows.labels) - before)
        found[name] = tuple(drops)
    return found


def _places(columns: Sequence[str]) -> Mapping[str, list[int]]:
    """Return the inputs that each column of the table has become."""
    found: dict[str, list[int]] = {}
    for place, name in enumerate(columns):
        found.setdefault(name.partition(" = ")[0], []).append(place)
    return found


def _error(predicted: NDArray[Any], labels: NDArray[Any]) -> float:
    """Return the share of wrong items (any wrong label is one), or the mean absolute error of numbers."""
    if labels.dtype.kind == "f":
        return float(np.mean(np.abs(predicted - labels)))
    return float(np.mean((predicted != labels).reshape(len(labels), -1).any(axis=1)))
