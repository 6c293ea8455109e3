"""Data sets of the authors' own: a NumPy ``.npz`` of x_train, y_train, x_test and y_test."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen import files
from reportgen.datasets.fetch_types import Arrays
from reportgen.datasets.published import ARRAYS
from reportgen.decoding import UndecodableError
from reportgen.decoding.arrays import read_arrays
from reportgen.errors import DataError, InputError, Problem, shown
from reportgen.report.types import DatasetFile

LIMIT = 2 << 30  # bytes of the file, and of what it unpacks to
_STORED = dict(zip(ARRAYS, ("x_train", "y_train", "x_test", "y_test"), strict=True))


def read_own(declared: DatasetFile) -> Arrays:
    """Read and check the authors' file.

    Images must be uint8, of shape (n, height, width) or (n, height, width, channels); labels integers
    below the number of declared classes, of shape (n,) or (n, 1).

    Raises
    ------
    DataError
        All that is wrong with the file, at once.
    """
    path = shown(declared.path)
    try:
        with files.opened(declared.path, LIMIT) as descriptor, open(descriptor, "rb", closefd=False) as file:
            stored = read_arrays(file, _STORED.values(), LIMIT)
    except UndecodableError as error:
        message = f"data set {declared.name} can't be read: {error}"
        raise DataError(Problem(path, 0, message, "save it with numpy.savez")) from error
    except InputError as error:
        raise DataError(error.problems) from None
    missing = [name for name in _STORED.values() if name not in stored]
    if missing:
        remedy = f"an .npz of {', '.join(_STORED.values())}"
        raise DataError(Problem(path, 0, f"it lacks {', '.join(missing)}", remedy))
    arrays = {array: stored[name] for array, name in _STORED.items()}
    problems = [Problem(path, 0, *words) for words in _wrong(declared, arrays)]
    if problems:
        raise DataError(problems)
    return {name: _plain(name, values) for name, values in arrays.items()}


def _plain(name: str, values: NDArray[Any]) -> NDArray[np.uint8]:
    if name.endswith("labels"):
        return np.ascontiguousarray(values.reshape(-1), dtype=np.uint8)
    return np.ascontiguousarray(values if values.ndim == 4 else values[..., np.newaxis], dtype=np.uint8)


def _wrong(declared: DatasetFile, arrays: dict[str, NDArray[Any]]) -> list[tuple[str, str]]:
    """Return what is wrong, as message and remedy."""
    problems: list[tuple[str, str]] = []
    last = len(declared.classes) - 1
    for split in ("train", "test"):
        images, labels = arrays[f"{split}_images"], arrays[f"{split}_labels"]
        if images.dtype != np.uint8 or images.ndim not in (3, 4):
            problems.append(
                (
                    f"x_{split} is {images.dtype} of shape {images.shape}",
                    "pixels are uint8 from 0 to 255, of shape (n, height, width[, channels])",
                )
            )
        elif not len(images):
            problems.append((f"x_{split} has no images", ""))
        if labels.dtype.kind not in "iu" or labels.shape not in ((labels.size,), (labels.size, 1)):
            problems.append(
                (
                    f"y_{split} is {labels.dtype} of shape {labels.shape}",
                    "labels are integers of shape (n,)",
                )
            )
        elif len(labels) != len(images):
            problems.append((f"x_{split} has {len(images)} images, but y_{split} {len(labels)} labels", ""))
        elif len(labels) and not (labels.min() >= 0 and labels.max() <= last):
            problems.append(
                (
                    f"y_{split} has labels from {labels.min()} to {labels.max()}",
                    f"{last + 1} classes are declared, so labels are 0 to {last}",
                )
            )
    train, test = arrays["train_images"], arrays["test_images"]
    if train.shape[1:] != test.shape[1:]:
        problems.append((f"images are {train.shape[1:]} in x_train but {test.shape[1:]} in x_test", ""))
    if train.ndim and not 0 < declared.validation < len(train):
        problems.append(
            (
                f"validation = {declared.validation} of {len(train)} training images",
                "hold out fewer than there are",
            )
        )
    return problems
