"""Weights of classes, by which the loss of each training item is multiplied."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import InputError, Problem, nearest
from reportgen.training.job import TOML


def class_weights(
    wanted: str | Mapping[str, float] | None, names: Sequence[str], labels: NDArray[Any]
) -> tuple[float, ...]:
    """Return a weight for each class; none where every item counts the same.

    Balanced weights are those of scikit-learn, items / (classes · items of the class), so that every class
    counts the same. A class that a table does not name has weight 1.

    Raises
    ------
    InputError
        If a class is named that there is not.
    """
    if wanted is None:
        return ()
    if isinstance(wanted, str):
        counts = np.bincount(labels, minlength=len(names))
        there = np.count_nonzero(counts)
        return tuple(len(labels) / (there * max(count, 1)) for count in counts.tolist())
    for name in wanted:
        if name not in names:
            raise InputError(Problem(TOML, 0, f"there is no class {name!r}", nearest(name, list(names))))
    return tuple(float(wanted.get(name, 1.0)) for name in names)
