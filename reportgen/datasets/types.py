"""A data set as a frozen value: verified arrays, splits, class names and a fingerprint."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets import inputs as kinds
from reportgen.datasets.inputs import Array, Given, Inputs, Shape
from reportgen.datasets.labels import task_of
from reportgen.datasets.splitting import divided
from reportgen.errors import DataError
from reportgen.report.types import TaskKind

Pixels = NDArray[np.uint8]
Labels = NDArray[Any]

GROUPS = "train_groups"
"""Beside the four arrays of a data set: the group of each training item, as a number."""
COLUMNS = "input_columns"
"""Beside them as well: of a table, the name of each input."""


@dataclass(frozen=True)
class Split:
    """Inputs and labels that belong together.

    Attributes
    ----------
    inputs : ndarray, shape (n, ...), or NamedInputs
        Images are uint8 of shape (n, height, width, channels), which models see scaled; numbers of any other
        type or shape arrive as they are. Texts are str of shape (n,). Where an item has several inputs, each
        is such an array.
    labels : ndarray of uint8, uint16, float64 or bool, shape (n,) or (n, names)
        Index into the data set's class names, or the number to predict; of several targets or labels a
        column each (see `labels`).
    """

    inputs: Inputs
    labels: Labels

    @property
    def pictures(self) -> bool:
        """Whether the inputs are images."""
        return kinds.pictures(self.inputs)

    @property
    def texts(self) -> bool:
        """Whether the inputs are texts."""
        return kinds.texts(self.inputs)

    @property
    def several(self) -> Mapping[str, Array]:
        """Each of several inputs by its name; nothing where there is one."""
        return kinds.several(self.inputs)

    @property
    def arrays(self) -> tuple[Array, ...]:
        """The array of each input."""
        return kinds.arrays(self.inputs)

    @property
    def given(self) -> Given:
        """The inputs as a model gets them: an array, or an array for each name."""
        return kinds.given(self.inputs)

    @property
    def images(self) -> Array | None:
        """The images; of several inputs the first that is images."""
        return kinds.images(self.inputs)


@dataclass(frozen=True)
class Dataset:
    """A named data set.

    Attributes
    ----------
    train, test : Split
        As published; `validation` says how many items at the end of `train` are held out by default.
    classes : tuple of str
        Names of classes, or labels, in order; none where numbers are predicted.
    fingerprint : str
        SHA-256 over shapes and bytes of the arrays; class names are not in it.
    groups : ndarray of int64 or None, shape (n,)
        Of each training item the group that is not to be divided; those of a group follow one another.
    columns : tuple of str
        Of a table, and of several inputs, the name of each; empty for others.
    """

    name: str
    title: str
    train: Split
    test: Split
    validation: int
    classes: tuple[str, ...]
    fingerprint: str
    groups: Labels | None = None
    columns: tuple[str, ...] = ()

    @property
    def regression(self) -> bool:
        """Whether numbers are predicted."""
        return self.task == "regression"

    @property
    def task(self) -> TaskKind:
        """What its labels are."""
        return task_of(self.train.labels)

    @property
    def outputs(self) -> int:
        """How many outputs a model has: one for each class, label or target."""
        return int(self.train.labels.shape[1]) if self.train.labels.ndim > 1 else max(len(self.classes), 1)

    @property
    def input_shape(self) -> Shape | dict[str, Shape]:
        """Shape of one input; of an image height, width and channels, of a text (); of several each's."""
        return kinds.shape_of(self.train.inputs)

    def split(self, validation: int | None = None) -> dict[str, Split]:
        """Return ``train``, ``validation`` and ``test``; the LAST `validation` items are held out.

        Raises
        ------
        DataError
            If that would divide a group.
        """
        held_out = self.validation if validation is None else validation
        if self.groups is not None and (wrong := divided(self.groups, held_out)):
            raise DataError(f"{self.title}: {wrong}")
        cut = len(self.train.labels) - held_out
        return {
            "train": Split(self.train.inputs[:cut], self.train.labels[:cut]),
            "validation": Split(self.train.inputs[cut:], self.train.labels[cut:]),
            "test": self.test,
        }
