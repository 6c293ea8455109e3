"""Report to Python's audit hooks which files libraries open beneath it.

Python reports what it opens itself. Libraries written in other languages open files without a word; here is
how labs ask them to.
"""

import functools
import importlib
import importlib.util
import inspect
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

# By module, the classes and functions that open what their first argument names.
_OPENERS: Mapping[str, tuple[str, ...]] = {
    "h5py": ("File",),
    "keras.utils": (
        "audio_dataset_from_directory",
        "image_dataset_from_directory",
        "text_dataset_from_directory",
    ),
    "tensorflow.data": (
        "Dataset.list_files",
        "FixedLengthRecordDataset",
        "TFRecordDataset",
        "TextLineDataset",
    ),
    "tensorflow.io": ("matching_files", "read_file"),
    "tensorflow.io.gfile": ("GFile",),
    "tensorflow.train": ("list_variables", "load_checkpoint", "load_variable"),
    "cv2": ("VideoCapture", "imread", "imreadmulti"),
    "polars": ("read_csv", "read_ipc", "read_json", "read_parquet", "scan_csv", "scan_parquet"),
    "pyarrow.csv": ("read_csv",),
    "pyarrow.feather": ("read_feather", "read_table"),
    "pyarrow.parquet": ("ParquetFile", "read_table"),
    "torchvision.io": ("read_file", "read_image"),
}
_LISTS = frozenset(["list_files", "matching_files"])


@contextmanager
def reported(texts: Iterable[str]) -> Iterator[None]:
    """Have openers report what they open inside the block.

    Parameters
    ----------
    texts : iterable of str
        The authors' sources: only what these name is looked for.
    """
    source = "\n".join(texts)
    with ExitStack() as stack:
        for module, names in _OPENERS.items():
            root = module.partition(".")[0]
            if root not in source or importlib.util.find_spec(root) is None:
                continue
            owner = importlib.import_module(module)
            for name in names:
                stack.enter_context(_reporting(owner, name))
        yield


@contextmanager
def _reporting(owner: Any, name: str) -> Iterator[None]:
    *inner, last = name.split(".")
    for part in inner:
        owner = getattr(owner, part, None)
    opener = getattr(owner, last, None)
    if opener is None:  # of another version of the library
        yield
    elif not inspect.isclass(opener):
        static = isinstance(inspect.getattr_static(owner, last), staticmethod)
        wrapped = _telling(opener, last, 0)
        with mock.patch.object(owner, last, staticmethod(wrapped) if static else wrapped):
            yield
    elif "__init__" in vars(opener):
        with mock.patch.object(opener, "__init__", _telling(opener.__init__, last, 1)):
            yield
    else:  # a class of a language that lets nothing be put in
        with mock.patch.object(owner, last, _telling(opener, last, 0)):
            yield


def _telling(opener: Callable[..., Any], name: str, place: int) -> Callable[..., Any]:
    @functools.wraps(opener)
    def telling(*arguments: Any, **named: Any) -> Any:
        given = arguments[place] if len(arguments) > place else next(iter(named.values()), None)
        for path in _paths(given, name):
            if name.endswith("_from_directory"):
                for folder, _, files in os.walk(path):
                    sys.audit("os.listdir", folder)
                    for file in files:
                        sys.audit("open", str(Path(folder, file)), "r", 0)
            elif name in _LISTS:
                sys.audit("os.listdir", os.path.dirname(path) or ".")  # noqa: PTH120 - a pattern, not a path
            else:
                sys.audit("open", path, "r", 0)
        return opener(*arguments, **named)

    return telling


def _paths(given: Any, name: str) -> list[str]:
    """Return the names of files in an argument: text, paths, tensors of text, or several of these."""
    if isinstance(given, list | tuple):
        return [path for each in given for path in _paths(each, name)]
    if isinstance(given, str | os.PathLike):
        return [os.fspath(given)]
    if isinstance(given, bytes):
        return [os.fsdecode(given)]
    if hasattr(given, "dtype") and hasattr(given, "shape"):
        if not hasattr(given, "numpy"):
            raise ValueError(f"{name} in a graph: which file it reads can't be seen; read it at the top")
        return _paths(given.numpy().tolist(), name) if given.dtype.name == "string" else []
    return []
