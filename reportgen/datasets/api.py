"""The public functions of this room.

Names, titles, class names and the fingerprints of built-in data sets come from constants: only
`load` and `ensure`, and the authors' own files, need NumPy or touch the disk.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.datasets.published import ARRAYS, BUILT_IN, Published, fingerprint_of
from reportgen.errors import DataError, Problem, nearest
from reportgen.report.types import Task

if TYPE_CHECKING:
    from reportgen.datasets.fetch_types import Arrays, Progress
    from reportgen.datasets.types import Dataset, Labels, Split
    from reportgen.report.types import DatasetFile

_CALLED = """\
returned = {function}()
if len(returned) == 2:
    returned = (*returned[0], *returned[1])
"""
_ONE = "x_train, y_train, x_test, y_test = map(np.asarray, returned[:4])"
_SEVERAL = """\
x_train, y_train, x_test, y_test = returned[:4]
x_train, x_test = ({{name: np.asarray(x[name]) for name in {inputs}}} for x in (x_train, x_test))
y_train, y_test = np.asarray(y_train), np.asarray(y_test)"""
_STORED = """\
x_train, x_test = ({{name: data[f"{{x}}.{{name}}"] for name in {inputs}}} for x in ("x_train", "x_test"))
y_train, y_test = data["y_train"], data["y_test"]"""
_NONE_OWN: Mapping[str, DatasetFile] = {}


def names(own: Mapping[str, DatasetFile] = _NONE_OWN) -> tuple[str, ...]:
    """Return the names of all data sets: built in, then the authors' own."""
    return (*BUILT_IN, *own)


def title(name: str, own: Mapping[str, DatasetFile] = _NONE_OWN) -> str:
    """Return what the data set is called in prose."""
    return _known(name, own).title


def class_names(name: str, own: Mapping[str, DatasetFile] = _NONE_OWN) -> tuple[str, ...]:
    """Return the class names in label order."""
    return tuple(_known(name, own).classes)


def task(name: str, own: Mapping[str, DatasetFile] = _NONE_OWN) -> Task:
    """Return what is predicted, with the names of classes, labels or targets."""
    return own[name].task if name in own else Task.usual(class_names(name, own))


def validation(name: str, own: Mapping[str, DatasetFile] = _NONE_OWN) -> int:
    """Return how many images at the end of the training images are held out by default."""
    return _known(name, own).validation


def loading(name: str, own: Mapping[str, DatasetFile], answers: Path, inputs: tuple[str, ...] = ()) -> str:
    """Return Python that loads a data set without reportgen; one of the authors' own from answers/.

    `inputs` are the names of several inputs, each of which is an array in a dict.
    """
    found = _known(name, own)
    if isinstance(found, Published):
        return found.loading
    if found.function:
        return _CALLED.format(function=found.function) + (_SEVERAL.format(inputs=inputs) if inputs else _ONE)
    place = packed(name, own, answers) or Path("answers", os.path.relpath(found.path, answers)).as_posix()
    if inputs:
        return f"data = np.load({place!r})\n{_STORED.format(inputs=inputs)}"
    arrays = ("x_train", "y_train", "x_test", "y_test")
    return f"data = np.load({place!r})\n{', '.join(arrays)} = (data[name] for name in {arrays})"


def packed(name: str, own: Mapping[str, DatasetFile], answers: Path) -> str:
    """Return where an archive of the report holds the arrays of a data set; empty where it need not.

    These are tables and folders of images, as they were split, and files that do not lie below answers/.
    """
    if name not in own:
        return ""
    if own[name].function:
        return ""
    found = own[name]
    elsewhere = found.url or not found.path.is_relative_to(answers.resolve())
    return f"data/{name}.npz" if found.table or found.folder or elsewhere else ""


def fingerprint(name: str, own: Mapping[str, DatasetFile] = _NONE_OWN) -> str:
    """Return the SHA-256 (hex) over shapes and contents of a data set's four arrays.

    For a built-in one it is a constant, because `load` refuses any other bytes; a file of the
    authors' own is read and hashed.

    Raises
    ------
    DataError
        No such data set, or the authors' file can't be read.
    """
    if name not in own:
        _known(name, own)
        return BUILT_IN[name].fingerprint
    from reportgen.datasets.own_files import read_own

    return assembled(own[name], read_own(own[name])).fingerprint


def folder_digest(folder: Path) -> str:
    """Return the SHA-256 by which a folder of images is known, as report.toml may declare it.

    Raises
    ------
    DataError
        A file can't be read.
    """
    from reportgen.datasets.image_folders import digest_of

    return digest_of(folder)


def load(
    name: str,
    *,
    own: Mapping[str, DatasetFile] = _NONE_OWN,
    progress: Progress | None = None,
    folder: Path | None = None,
    offline: bool = False,
) -> Dataset:
    """Return a data set whose every byte is verified, fetching it first where it is not cached.

    Parameters
    ----------
    own : mapping of str to DatasetFile
        The authors' own data sets.
    progress : callable, optional
        Called with what is being done, bytes done, and bytes in all (None: not known).
    folder : Path, optional
        Where to look besides the known sources; default: ``REPORTGEN_DATA_SOURCE``.
    offline : bool
        Do not use the network.

    Returns
    -------
    Dataset
        Arrays of a built-in data set are read-only and mapped from the cache's files.

    Raises
    ------
    DataError
        No such data set, no source has it, or its bytes are not what they should be.
    """
    known = _known(name, own)
    if name in own:
        from reportgen.datasets.own_files import read_own

        return assembled(own[name], read_own(own[name], progress, offline))
    return assembled(known, _obtain(name, progress, folder, offline))


def assembled(known: DatasetFile | Published, arrays: Arrays) -> Dataset:
    """Return the data set whose arrays are these."""
    from reportgen.datasets.inputs import joined
    from reportgen.datasets.types import COLUMNS, GROUPS, Dataset, Split

    columns = tuple(map(str, arrays.get(COLUMNS, ())))
    train, test = (
        Split(joined(f"{split}_images", arrays, columns), arrays[f"{split}_labels"])
        for split in ("train", "test")
    )
    groups = arrays.get(GROUPS)
    return Dataset(
        name=known.name,
        title=known.title,
        train=train,
        test=test,
        validation=known.validation,
        classes=tuple(known.classes),
        fingerprint=known.fingerprint if isinstance(known, Published) else _fingerprint(train, test, groups),
        groups=groups,
        columns=columns,
    )


def ensure(
    name: str,
    *,
    own: Mapping[str, DatasetFile] = _NONE_OWN,
    progress: Progress | None = None,
    folder: Path | None = None,
    offline: bool = False,
) -> Path:
    """Fetch and verify a data set ahead of time; return where it lies. Parameters and errors are `load`'s."""
    load(name, own=own, progress=progress, folder=folder, offline=offline)
    if name in own:
        from reportgen.datasets.declared import located

        return located(own[name])
    from reportgen.datasets.cache import Cache, default_root

    return Cache(default_root()).folder(name)


def _obtain(name: str, progress: Progress | None, folder: Path | None, offline: bool) -> Arrays:
    from reportgen.datasets.cache import Cache, default_root
    from reportgen.datasets.fetch import obtain
    from reportgen.datasets.fetch_types import Request, silent
    from reportgen.datasets.sources import SOURCES

    cache = Cache(default_root())
    request = Request(cache.scratch / name, folder, progress or silent)
    return obtain(BUILT_IN[name], SOURCES[name], cache, request, offline)


def _fingerprint(train: Split, test: Split, groups: Labels | None) -> str:
    from reportgen.datasets.cache import measured
    from reportgen.datasets.inputs import type_of
    from reportgen.datasets.types import GROUPS

    arrays = dict(zip(ARRAYS, (train.inputs, train.labels, test.inputs, test.labels), strict=True))
    if groups is not None:
        arrays[GROUPS] = groups
    # Published data sets are bytes; of other numbers their type counts, and of several inputs their names.
    return fingerprint_of(
        (f"{name} {kind}" if (kind := type_of(values)) != "|u1" else name, measured(values))
        for name, values in arrays.items()
    )


def _known(name: str, own: Mapping[str, DatasetFile]) -> DatasetFile | Published:
    if name in own:
        return own[name]
    if name in BUILT_IN:
        return BUILT_IN[name]
    raise DataError(Problem("", 0, f"there is no data set {name!r}", nearest(name, names(own))))
