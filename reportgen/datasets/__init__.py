"""Data sets: a name becomes verified arrays, splits, class names and a content fingerprint.

::

    load("cifar10") ──> api ──> fetch ──> cache      verified .npy files, mapped into memory
                                  │
                                  └──> sources ──> places, download, npm ──> formats ──> verify

`published` says what every built-in data set must be, byte for byte; `own` reads the authors' files.
"""

from typing import TYPE_CHECKING, Any

from reportgen.datasets.adopt import FORMS, adopt
from reportgen.datasets.api import (
    assembled,
    class_names,
    ensure,
    fingerprint,
    folder_digest,
    load,
    loading,
    names,
    packed,
    task,
    title,
    validation,
)

if TYPE_CHECKING:
    from reportgen.datasets.fetch_types import Progress
    from reportgen.datasets.types import Dataset, Split

__all__ = [
    "FORMS",
    "Dataset",
    "Progress",
    "Split",
    "adopt",
    "assembled",
    "class_names",
    "ensure",
    "fingerprint",
    "folder_digest",
    "load",
    "loading",
    "names",
    "packed",
    "task",
    "title",
    "validation",
]


def __getattr__(name: str) -> Any:
    # Deciding what is fresh asks for fingerprints only: NumPy is not loaded for that.
    if name in ("Dataset", "Split"):
        from reportgen.datasets import types

        return getattr(types, name)
    if name == "Progress":
        from reportgen.datasets import fetch_types

        return fetch_types.Progress
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
