"""What the labels of each task are: which arrays are taken for them, and as what they are kept.

Classes are bytes, or 16 bits where there are more than 256; numbers are float64, of shape (n, targets) where
there are several; the labels of an item are yes or no, of shape (n, labels). So an array says by itself of
which task it is.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from reportgen.report.types import DatasetFile, TaskKind

Array = NDArray[Any]
Wrong = list[tuple[str, str]]
"""Messages, each with its remedy."""


def label_type(classes: int) -> type:
    """Return the type of labels that tell so many classes apart."""
    return np.uint8 if classes <= 1 << 8 else np.uint16


def wrong(declared: DatasetFile, name: str, labels: Array, items: int) -> Wrong:
    """Return what is wrong with the labels of so many items; `name` is the array's, such as ``y_train``."""
    return _CHECKS[declared.task.kind](declared, name, labels, items)


def ready(declared: DatasetFile, labels: Array) -> Array:
    """Return labels in which nothing is wrong as they are kept."""
    kinds: Mapping[TaskKind, type] = {
        "classification": label_type(len(declared.classes)),
        "multilabel": np.bool_,
        "regression": np.float64,
    }
    several = declared.multilabel or declared.targets
    return np.ascontiguousarray(labels if several else labels.reshape(-1), dtype=kinds[declared.task.kind])


def task_of(labels: Array) -> TaskKind:
    """Return the task whose labels an array holds."""
    return _KINDS.get(labels.dtype.kind, "classification")


def strata(labels: Array) -> Array:
    """Return one value an item, by which items that are alike follow one another, shape (n,).

    Of several labels it says which ones an item has; of several targets it is the mean of their ranks.
    """
    if labels.ndim == 1:
        return labels
    if labels.dtype.kind == "b":
        found: Array = np.unique(labels, axis=0, return_inverse=True)[1].reshape(-1)
        return found
    ranks: Array = labels.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable").mean(axis=1)
    return ranks


def _shaped(name: str, labels: Array, items: int, kinds: str, wanted: str, shape: tuple[int, ...]) -> Wrong:
    """Return whether labels are of other kinds or of another shape."""
    allowed = {labels.shape[:1] + shape[1:], *([] if shape[1:] else [(labels.size, 1)])}
    if labels.dtype.kind not in kinds or not labels.ndim or labels.shape not in allowed:
        told = f"(n, {shape[1]})" if shape[1:] else "(n,)"
        return [(f"{name} is {labels.dtype} of shape {labels.shape}", f"labels are {wanted} of shape {told}")]
    if len(labels) != items:
        return [(f"x_{name[2:]} has {items} items, but {name} {len(labels)} labels", "")]
    return []


def _classes(declared: DatasetFile, name: str, labels: Array, items: int) -> Wrong:
    last = len(declared.classes) - 1
    if problems := _shaped(name, labels, items, "iu", "integers", (items,)):
        return [(message, f"{remedy}{_as_integers(name, labels, last + 1)}") for message, remedy in problems]
    if len(labels) and not (labels.min() >= 0 and labels.max() <= last):
        message = f"{name} has labels from {labels.min()} to {labels.max()}"
        return [(message, f"{last + 1} classes are declared, so labels are 0 to {last}")]
    return []


def _as_integers(name: str, labels: Array, classes: int) -> str:
    """Return how labels become integers from 0, where they stand for classes in another way."""
    if labels.ndim == 2 and labels.shape[1] == classes:
        one_hot = labels.dtype.kind in "biuf" and np.all(labels.sum(axis=1) == 1)
        return f": {name}.argmax(axis=1)" if one_hot else '; several an item have task = "multilabel"'
    if labels.dtype.kind == "b" or (labels.dtype.kind == "f" and np.all(labels % 1 == 0)):
        return f": {name}.astype(int)"
    return '; numbers are predicted with task = "regression"' if labels.dtype.kind == "f" else ""


def _yes_or_no(declared: DatasetFile, name: str, labels: Array, items: int) -> Wrong:
    count = len(declared.classes)
    if problems := _shaped(name, labels, items, "biu", "0 and 1,", (items, count)):
        return problems
    if labels.size and labels.dtype.kind != "b" and not (labels.min() >= 0 and labels.max() <= 1):
        message = f"{name} has values from {labels.min()} to {labels.max()}"
        return [(message, "a label is 1 where an item has it, else 0")]
    return []


def _numbers(declared: DatasetFile, name: str, labels: Array, items: int) -> Wrong:
    several = len(declared.targets)
    if not several and labels.ndim == 2 and labels.shape[1] > 1:
        message = f"{name} has {labels.shape[1]} numbers for each item"
        return [(message, 'name them: target = ["...", "..."]')]
    shape = (items, several) if several else (items,)
    if problems := _shaped(name, labels, items, "iuf", "numbers", shape):
        return problems
    finite = np.isfinite(labels)
    if finite.all():
        return []
    item = int(np.argmin(finite.reshape(len(labels), -1).all(axis=1)))
    return [(f"{name}[{item}] is {labels[item]}, which is no finite number", "leave such items out")]


_KINDS: Final[Mapping[str, TaskKind]] = {"b": "multilabel", "f": "regression"}  # by the kind of their dtype
_CHECKS: Final[Mapping[TaskKind, Callable[[DatasetFile, str, Array, int], Wrong]]] = {
    "classification": _classes,
    "multilabel": _yes_or_no,
    "regression": _numbers,
}
