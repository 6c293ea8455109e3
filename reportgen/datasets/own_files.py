"""Data sets of the authors' own: an ``.npz`` of x_train, y_train, x_test and y_test, a table, a folder."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets import labels
from reportgen.datasets.declared import LIMIT, opened, verify_folder
from reportgen.datasets.fetch_types import Arrays, Progress
from reportgen.datasets.image_folders import read_folder
from reportgen.datasets.published import ARRAYS
from reportgen.datasets.table_files import read_table
from reportgen.decoding import UndecodableError
from reportgen.decoding.arrays import read_arrays
from reportgen.errors import DataError, Problem, shown
from reportgen.report.types import DatasetFile

_FEW = 1024  # items
STORED = dict(zip(ARRAYS, ("x_train", "y_train", "x_test", "y_test"), strict=True))


def read_own(declared: DatasetFile, progress: Progress | None = None, offline: bool = False) -> Arrays:
    """Read and check the authors' file, which is downloaded first where it has to be.

    Inputs are numbers of shape (n, ...); bytes of shape (n, height, width) or (n, height, width, channels)
    are images. Labels are those of the declared task, see `labels`.

    Raises
    ------
    DataError
        All that is wrong with the file, at once.
    """
    if declared.folder:
        verify_folder(declared)
        arrays = read_folder(declared)
    else:
        with opened(declared, progress, offline) as file:
            arrays = read_table(file, declared) if declared.table else _archive(file, declared)
    problems = [Problem(shown(declared.path), 0, *words) for words in wrong(declared, arrays)]
    if problems:
        raise DataError(problems)
    return ready(declared, arrays)


def ready(declared: DatasetFile, arrays: Arrays) -> Arrays:
    """Return arrays in which nothing is wrong as models are trained on them."""
    made: Mapping[str, Callable[[NDArray[Any]], NDArray[Any]]] = {
        "images": _inputs,
        "labels": partial(labels.ready, declared),
        "groups": np.asarray,
        "columns": np.asarray,
    }
    return {name: made[name.partition("_")[2]](values) for name, values in arrays.items()}


def _archive(file: IO[bytes], declared: DatasetFile) -> Arrays:
    path = shown(declared.path)
    try:
        stored = read_arrays(file, STORED.values(), LIMIT)
    except UndecodableError as error:
        message = f"data set {declared.name} can't be read: {error}"
        raise DataError(Problem(path, 0, message, "save it with numpy.savez")) from error
    missing = [name for name in STORED.values() if name not in stored]
    if missing:
        remedy = f"an .npz of {', '.join(STORED.values())}"
        raise DataError(Problem(path, 0, f"it lacks {', '.join(missing)}", remedy))
    return {array: stored[name] for array, name in STORED.items()}


def _inputs(values: NDArray[Any]) -> NDArray[Any]:
    """Return inputs as models take them: images with an axis of channels, other numbers as they are."""
    grey = values.dtype == np.uint8 and values.ndim == 3
    return np.ascontiguousarray(values[..., np.newaxis] if grey else values)


def _infinite(values: NDArray[Any]) -> bool:
    """Tell whether a number is infinite, a few items at a time: large data are not held twice."""
    return any(np.isinf(values[at : at + _FEW]).any() for at in range(0, len(values), _FEW))


def wrong(declared: DatasetFile, arrays: Arrays) -> list[tuple[str, str]]:
    """Return what is wrong, as message and remedy."""
    problems: list[tuple[str, str]] = []
    for split in ("train", "test"):
        images = arrays[f"{split}_images"]
        texts = images.dtype.kind == "U" and images.ndim == 1
        if not texts and (images.dtype.kind not in "buif" or images.ndim < 2):
            problems.append(
                (
                    f"x_{split} is {images.dtype} of shape {images.shape}",
                    "numbers of shape (n, ...), or images: uint8 of shape (n, height, width[, channels])",
                )
            )
        elif not images.size:
            problems.append((f"x_{split} has no items", ""))
        elif images.dtype.kind == "f" and _infinite(images):
            problems.append((f"x_{split} contains infinite numbers", ""))
        problems += labels.wrong(
            declared, f"y_{split}", arrays[f"{split}_labels"], len(images) if images.ndim else 0
        )
    train, test = arrays["train_images"], arrays["test_images"]
    if train.shape[1:] != test.shape[1:] or train.dtype != test.dtype:
        kinds = (f"{each.dtype} of shape {each.shape[1:]}" for each in (train, test))
        problems.append(("inputs are {} in x_train but {} in x_test".format(*kinds), ""))
    if train.ndim and not 0 < declared.validation < len(train):
        problems.append(
            (
                f"validation = {declared.validation} of {len(train)} training items",
                "hold out fewer than there are",
            )
        )
    return problems
