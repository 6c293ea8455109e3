"""Data that a function of the authors' returns: called in a process of its own, kept as plain arrays."""

import os
import random
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from reportgen.datasets import Dataset, assembled
from reportgen.datasets.fetch_types import Arrays
from reportgen.datasets.inputs import Given
from reportgen.datasets.own_files import STORED, ready, wrong
from reportgen.errors import InputError, nearest
from reportgen.report.types import DatasetFile
from reportgen.training.fork import apart
from reportgen.training.job import Job
from reportgen.training.sources import Functions, Sources

_RETURNS = "return x_train, y_train, x_test, y_test"


def compute(sources: Mapping[str, str], declared: DatasetFile, out: Path) -> dict[str, str]:
    """Call the function, and write the arrays that it returns into a folder.

    Returns
    -------
    dict of str to str
        What it read, see `plan.reads`.

    Raises
    ------
    InputError
        If it raises, or returns anything but a data set, with its line.
    """
    os.environ["KERAS_BACKEND"] = "tensorflow"
    _seed()
    with Sources(sources, declared.path).imported() as functions:
        _seed()
        call = functions.get(declared.function, f"the data of {declared.name}")
        arrays = _checked(call(), declared, functions)
        for name, values in arrays.items():
            np.save(out / f"{name}.npy", values, allow_pickle=False)
        return dict(functions.reads)


def read(declared: DatasetFile, out: Path) -> Dataset:
    """Return the data set that `compute` has written; the folder may be removed then."""
    # Copied only where it is written: an array that can be written may become a tensor as it is.
    return assembled(
        declared, {path.stem: np.load(path, mmap_mode="c") for path in sorted(out.glob("*.npy"))}
    )


def of_job(job: Job, declared: DatasetFile) -> Dataset:
    """Return the data of a job; its function runs in a copy of this process."""
    out = Path(tempfile.mkdtemp(prefix="reportgen-data-"))
    try:
        apart(lambda: compute(job.sources, declared, out), f"{declared.function}()")
        return read(declared, out)
    finally:
        shutil.rmtree(out, ignore_errors=True)


def _checked(returned: Any, declared: DatasetFile, functions: Functions) -> Arrays:
    """Return what the function returned as the arrays of a data set."""
    function = functions.value(declared.function)

    def refused(message: str, remedy: str) -> InputError:
        return functions.sources.problem(function, f"{declared.function}() {message}", remedy)

    parts = list(returned) if isinstance(returned, tuple | list) else [returned]
    if len(parts) == 2 and all(isinstance(part, tuple | list) and len(part) == 2 for part in parts):
        parts = [*parts[0], *parts[1]]  # as Keras's own load_data()
    if len(parts) not in (4, 5):
        raise refused(f"returns {len(parts)} value{'s'[: len(parts) > 1]}", _RETURNS)
    names = tuple(map(str, parts[4])) if len(parts) == 5 else declared.classes
    if names != declared.classes:
        message = f"names the classes {', '.join(names)[:200]}"
        raise refused(message, f"report.toml has {', '.join(declared.classes)[:200] or 'none'}")

    def array_of(name: str, values: Any) -> Any:
        try:
            found = _as_array(values)
        except (ValueError, TypeError) as error:
            raise refused(f"returns as {name} what is no array: {error}", _RETURNS) from None
        if found.dtype.hasobject:
            odd = next((each for each in found.ravel() if not isinstance(each, int | float)), None)
            told = repr(odd)[:80] if isinstance(odd, str | None) else type(odd).__name__
            remedy = "make numbers of them, of words by pandas.get_dummies, of a sparse matrix by .toarray()"
            raise refused(f"returns as {name} Python objects, such as {told}", remedy)
        return found

    made: dict[str, Given] = {}
    for array, name, values in zip(STORED, STORED.values(), parts, strict=False):
        if name.startswith("x_") and isinstance(values, Mapping) and values:
            made[array] = {each: array_of(f"{name}.{each}", part) for each, part in values.items()}
            continue
        found = array_of(name, values)
        if array.endswith("labels") and found.dtype.kind == "U" and not declared.multilabel:
            index = {name: place for place, name in enumerate(declared.classes)}
            if odd := sorted(set(found.ravel().tolist()) - index.keys()):
                message = f"has {odd[0][:80]!r} in {name}, which is none of the declared classes"
                raise refused(message, nearest(odd[0], declared.classes))
            found = np.array([index[each] for each in found.ravel().tolist()])
        made[array] = found
    problems = [
        refused(f"returns wrong data: {message}", remedy) for message, remedy in wrong(declared, made)
    ]
    if problems:
        raise InputError([problem for error in problems for problem in error.problems])
    return ready(declared, made)


def _as_array(values: Any) -> Any:
    """Return an array; words, which pandas keeps as objects, are text."""
    found = np.asarray(values)
    if found.dtype.hasobject and all(isinstance(each, str) for each in found.ravel()):
        return found.astype(str)
    return found


def _seed() -> None:
    """Seed what the function may draw from; TensorFlow and Keras only where models.py has imported them."""
    random.seed(0)
    np.random.seed(0)
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(0)
