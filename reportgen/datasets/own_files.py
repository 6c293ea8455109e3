"""Data sets of the authors' own: an ``.npz`` of x_train, y_train, x_test and y_test, a table, a folder.

Of several inputs an ``.npz`` has each by its name: ``x_train.scan``, ``x_train.values``, ``x_test.scan``, ….
"""

from collections.abc import Mapping
from typing import IO

import numpy as np

from reportgen.datasets import inputs, labels
from reportgen.datasets.declared import LIMIT, opened, verify_folder
from reportgen.datasets.fetch_types import Arrays, Progress
from reportgen.datasets.image_folders import read_folder
from reportgen.datasets.inputs import Given
from reportgen.datasets.published import ARRAYS
from reportgen.datasets.table_files import read_table
from reportgen.datasets.types import COLUMNS, GROUPS
from reportgen.decoding import UndecodableError
from reportgen.decoding.arrays import read_arrays
from reportgen.errors import DataError, Problem, shown
from reportgen.report.types import DatasetFile

STORED = dict(zip(ARRAYS, ("x_train", "y_train", "x_test", "y_test"), strict=True))


def read_own(declared: DatasetFile, progress: Progress | None = None, offline: bool = False) -> Arrays:
    """Read and check the authors' file, which is downloaded first where it has to be.

    Inputs are numbers of shape (n, ...); bytes of shape (n, height, width) or (n, height, width, channels)
    are images. Of several inputs each is an array, see `inputs.flat`. Labels are those of the declared task,
    see `labels`.

    Raises
    ------
    DataError
        All that is wrong with the file, at once.
    """
    arrays: Mapping[str, Given]
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


def ready(declared: DatasetFile, arrays: Mapping[str, Given]) -> Arrays:
    """Return arrays in which nothing is wrong as models are trained on them."""
    train, test = inputs.ready(arrays["train_images"], arrays["test_images"])
    made = inputs.flat("train_images", train) | inputs.flat("test_images", test)
    if names := inputs.several(train):
        made[COLUMNS] = np.array(list(names))
    for name in ("train_labels", "test_labels"):
        made[name] = labels.ready(declared, np.asarray(arrays[name]))
    return made | {name: np.asarray(arrays[name]) for name in (GROUPS, COLUMNS) if name in arrays}


def _archive(file: IO[bytes], declared: DatasetFile) -> Mapping[str, Given]:
    path = shown(declared.path)
    try:
        stored = read_arrays(file, _is_stored, LIMIT)
    except UndecodableError as error:
        message = f"data set {declared.name} can't be read: {error}"
        raise DataError(Problem(path, 0, message, "save it with numpy.savez")) from error
    found: dict[str, Given] = {}
    for array, name in STORED.items():
        parts = {each.partition(".")[2]: stored[each] for each in stored if each.startswith(f"{name}.")}
        if parts and name in stored:
            message = f"it has both {name} and {name}.{next(iter(parts))}"
            remedy = "either one input, or each of several by its name"
            raise DataError(Problem(path, 0, message, remedy))
        if parts or name in stored:
            found[array] = parts or stored[name]
    missing = [name for array, name in STORED.items() if array not in found]
    if missing:
        remedy = f"an .npz of {', '.join(STORED.values())}"
        raise DataError(Problem(path, 0, f"it lacks {', '.join(missing)}", remedy))
    return found


def _is_stored(name: str) -> bool:
    """Tell whether an array in an archive is one of the data set, or of several inputs one of them."""
    array, dot, _ = name.partition(".")
    return array in STORED.values() and (not dot or array.startswith("x_"))


def wrong(declared: DatasetFile, arrays: Mapping[str, Given]) -> list[tuple[str, str]]:
    """Return what is wrong, as message and remedy."""
    given = {split: arrays[f"{split}_images"] for split in ("train", "test")}
    problems = inputs.wrong(given["train"], given["test"])
    counts = {split: inputs.count(each) for split, each in given.items()}
    for split, count in counts.items():
        problems += labels.wrong(declared, f"y_{split}", np.asarray(arrays[f"{split}_labels"]), count)
    if counts["train"] and not 0 < declared.validation < counts["train"]:
        message = f"validation = {declared.validation} of {counts['train']} training items"
        problems.append((message, "hold out fewer than there are"))
    return problems
